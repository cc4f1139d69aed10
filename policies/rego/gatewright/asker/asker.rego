# METADATA
# title: For whom a change would be made
# description: A person needs a second person; a machine needs a record that speaks for it
package gatewright.asker

import rego.v1

import data.gatewright.change.credentials
import data.gatewright.limits
import data.gatewright.roles

# METADATA
# title: Neither a person nor a machine
# description: It is not known whether a person or a machine asks.
# custom:
#   code: asker.kind_unknown
#   severity: deny
#   remedy: Ask with a token that was issued to a person or to a job.
deny contains {"code": "asker.kind_unknown", "path": ""} if {
	not _putting_back
	not _kind_known
}

# METADATA
# title: Not entitled to ask
# description: No role of the one who asks may propose changes, or they were shut out.
# custom:
#   code: asker.not_entitled
#   severity: deny
#   remedy: Ask an administrator for a role that may propose changes.
deny contains {"code": "asker.not_entitled", "path": ""} if {
	not _putting_back
	not _may_propose
}

# METADATA
# title: A machine cannot do what cannot be undone
# description: The change cannot be rolled back, and no person would be there to mend it.
# custom:
#   code: asker.machine_cannot_undo
#   severity: deny
#   remedy: Let a support agent ask for this change.
deny contains {"code": "asker.machine_cannot_undo", "path": ""} if {
	_machine
	not input.can_roll_back == true
}

# METADATA
# title: A second person
# description: A change that a person asks for is looked at by a second person.
# custom:
#   code: asker.second_person
#   severity: review
#   remedy: Wait for an approver; the review shows exactly what would change.
review contains {"code": "asker.second_person", "path": "", "group": "approvers"} if {
	input.asker.kind == "person"
	not _alone
}

# METADATA
# title: It cannot be undone
# description: The change cannot be rolled back by itself when it does not help.
# custom:
#   code: asker.cannot_undo
#   severity: review
#   remedy: Make sure that somebody could mend it by hand before approving.
review contains {"code": "asker.cannot_undo", "path": "", "group": "approvers"} if {
	not _machine
	not input.can_roll_back == true
	count(credentials.review) == 0
}

# METADATA
# title: A machine whose record does not speak for it
# description: This change was tried {tried} times on this model, too few or too often in vain to run unattended.
# custom:
#   code: asker.machine_unproven
#   severity: review
#   remedy: Approve it by hand until the record is good enough.
review contains {
	"code": "asker.machine_unproven", "path": "",
	"group": "approvers", "about": {"tried": tried},
} if {
	_machine
	tried := object.get(input, ["track_record", "tried"], null)
	not _proven
}

# METADATA
# title: A machine that cannot tell whom it reaches
# description: It is not known how many other devices the change would reach.
# custom:
#   code: asker.machine_reach_unknown
#   severity: review
#   remedy: Check the topology of this device before approving.
review contains {"code": "asker.machine_reach_unknown", "path": "", "group": "approvers"} if {
	_machine
	not _reach_known
}

# A home does not stay as it was made because whoever asked for it has lost a role since.
_putting_back if input.point == "rollback"

_kind_known if input.asker.kind in {"person", "machine"}

_reach_known if is_number(input.shared_by)

# What is not known to be a person is held to be a machine.
_machine if not input.asker.kind == "person"

_may_propose if {
	some role in input.asker.roles
	"propose" in roles[role]
}

# What the operator lets a support agent change without a second person, template by template.
_alone if {
	limits.people.alone != []
	count(input.plan.changes) > 0
	count(object.keys(input.plan.changes) - {template | some template in limits.people.alone}) == 0
}

_proven if {
	is_number(input.track_record.tried)
	is_number(input.track_record.lower_bound)
	is_number(limits.machines.tried)
	is_number(limits.machines.lower_bound)
	input.track_record.tried >= limits.machines.tried
	input.track_record.lower_bound >= limits.machines.lower_bound
}
