"""Who belongs to an organisation: members, invitations, requests to join, absences."""
