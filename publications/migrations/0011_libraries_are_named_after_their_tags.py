from django.db import migrations


def note_tags(apps, schema_editor):
    Library = apps.get_model("publications", "Library")
    for library in Library.objects.exclude(tag=None).select_related("tag"):
        library.named_after = library.tag.name
        library.save(update_fields=["named_after"])


class Migration(migrations.Migration):
    dependencies = [("publications", "0010_retired_tags_and_names_of_libraries")]

    operations = [migrations.RunPython(note_tags, migrations.RunPython.noop)]
