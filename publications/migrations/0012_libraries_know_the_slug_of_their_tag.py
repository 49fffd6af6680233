import publications.models.fields
from django.db import migrations


def note_slugs(apps, schema_editor):
    Library = apps.get_model("publications", "Library")
    for library in Library.objects.exclude(tag=None).select_related("tag"):
        library.tag_slug = library.tag.slug
        library.save(update_fields=["tag_slug"])


class Migration(migrations.Migration):
    dependencies = [("publications", "0011_libraries_are_named_after_their_tags")]

    operations = [
        migrations.AddField(
            model_name="library",
            name="tag_slug",
            field=publications.models.fields.CodePointField(
                blank=True,
                editable=False,
                help_text="of its tag, also while that one is gone",
                max_length=120,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(note_slugs, migrations.RunPython.noop),
    ]
