"""Work on the vocabulary: tags renamed, merged, split, moved, retired; categories shown; the grid."""
