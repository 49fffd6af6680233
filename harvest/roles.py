"""What a curator may do in the admin: exactly this, set anew after each ``migrate``."""

# Changing a paper means giving it tags and targets: what ADS says of it is read-only. The right to
# change a row brings the right to revert it; changing an act means undoing it. An assignment is given or
# taken, never changed.
CURATOR = {
    "publications": {
        "act": "view change",
        "paper": "view change",
        "author": "view",
        "authorship": "view",
        "identifier": "view",
        "journal": "view change",
        "keyword": "view",
        "category": "view change",
        "tag": "view add change",
        "tagslug": "view add",
        "tagassignment": "view add delete",
        "target": "view add change",
        "targetalias": "view add change delete",
        "targetlink": "view add change delete",
        "removedlink": "view delete",
        "simbadreading": "view",
        "sourcerecord": "view",
        "library": "view",
        "libraryentry": "view",
    },
    "harvest": {
        "blocklistentry": "view add change delete",
        "filteredbibstem": "view add change delete",
        "candidate": "view change",
        "pastedlist": "view add change",
        "adssearch": "view add",
        "consistencyrule": "view change",
        "waiver": "view add delete",
        "explanation": "view add delete",
        "searchrule": "view add change delete",
        "softwaregroup": "view add change delete",
        "harvestrun": "view add",
        "endpointquota": "view",
        "syncplan": "view change",
        "tagreview": "view change",
        "paperflag": "view change delete",
        "suggestion": "view change delete",
    },
    "django_celery_beat": {
        "periodictask": "view change",
        "crontabschedule": "view add change",
    },
}


def grant_rights(sender, using, **kwargs):
    """Receiver of ``post_migrate``: the group ``curator`` holds the rights of `CURATOR`, no more, no less."""
    from django.contrib.auth.models import Group, Permission

    wanted = [
        (app, f"{action}_{model}")
        for app, models in CURATOR.items()
        for model, actions in models.items()
        for action in actions.split()
    ]
    group, _ = Group.objects.using(using).get_or_create(name="curator")
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.using(using)
        .filter(content_type__app_label__in=CURATOR)
        .select_related("content_type")
    }
    group.permissions.set([known[right] for right in wanted if right in known])
