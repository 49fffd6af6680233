import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('harvest', '0020_the_queue_has_an_index'),
        ('publications', '0008_what_libraries_hold'),
    ]

    operations = [
        migrations.AddField(
            model_name='syncplan',
            name='act',
            field=models.ForeignKey(blank=True, editable=False, help_text='what it wrote here', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='publications.act'),
        ),
    ]
