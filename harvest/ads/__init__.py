"""Everything that talks to ADS. Knows no models."""
