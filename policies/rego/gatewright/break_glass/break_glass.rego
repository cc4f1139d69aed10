# METADATA
# title: A broken glass
# description: |
#   When a person may go ahead without approval and outside a window: for one change, for minutes,
#   with a ticket, answered for afterwards. What policy denies stays denied.
package gatewright.break_glass

import rego.v1

import data.gatewright.limits

# METADATA
# title: The glass is broken, and may be
# description: Approvals are not asked for and windows do not hold, at the write of this one change
holds if {
	_asked
	input.point == "execute"
	count(deny) == 0
}

# METADATA
# title: Who answers for it
# description: The group of which somebody else has to review afterwards what was done
review_after := limits.break_glass.reviewers if holds

# METADATA
# title: Broken by nobody known
# description: It is not known that a person broke the glass.
# custom:
#   code: break_glass.not_a_person
#   severity: deny
#   remedy: Let a person who may do so break the glass; a machine never can.
deny contains {"code": "break_glass.not_a_person", "path": ""} if {
	_asked
	not _by_a_person
}

# METADATA
# title: Not entitled to break the glass
# description: No role of the one who broke the glass lets them do so.
# custom:
#   code: break_glass.not_entitled
#   severity: deny
#   remedy: Ask an operator, or wait for the approval.
deny contains {"code": "break_glass.not_entitled", "path": ""} if {
	_asked
	not _entitled
}

# METADATA
# title: No ticket
# description: The ticket is missing, is longer than {longest} characters, or is of no kind that is known here.
# custom:
#   code: break_glass.no_ticket
#   severity: deny
#   remedy: Open a ticket for the emergency and name it.
deny contains {"code": "break_glass.no_ticket", "path": "", "about": {"longest": longest}} if {
	_asked
	not _ticket
	longest := object.get(limits, ["break_glass", "ticket", "longest"], null)
}

# METADATA
# title: It is over
# description: The time for which the glass was broken is over.
# custom:
#   code: break_glass.over
#   severity: deny
#   remedy: Plan the change anew, and have it approved.
deny contains {"code": "break_glass.over", "path": ""} if {
	_asked
	not _in_time
}

# METADATA
# title: Broken for too long
# description: The glass would be broken for longer than {minutes} minutes, or nobody knows for how long.
# custom:
#   code: break_glass.too_long
#   severity: deny
#   remedy: Shorten GATEWRIGHT_BREAK_GLASS_TTL.
deny contains {"code": "break_glass.too_long", "path": "", "about": {"minutes": minutes}} if {
	_asked
	not _short
	minutes := object.get(limits, ["break_glass", "minutes"], null)
}

# METADATA
# title: Too many wait for their review
# description: Broken {waiting} times without a review since, and it may be broken again only below {most}.
# custom:
#   code: break_glass.unreviewed
#   severity: deny
#   remedy: Review what was done before; `gatewright break-glass list` shows it.
deny contains {"code": "break_glass.unreviewed", "path": "", "about": about} if {
	_asked
	not _answered_for
	about := {
		"most": object.get(limits, ["break_glass", "unreviewed"], null),
		"waiting": object.get(input, ["unreviewed"], null),
	}
}

# METADATA
# title: Nobody has looked at it
# description: A language model composed this change freely, so a second person has to look at it first.
# custom:
#   code: break_glass.composed_freely
#   severity: deny
#   remedy: Have it approved, or ask for a known remedy instead.
deny contains {"code": "break_glass.composed_freely", "path": ""} if {
	_asked
	not _chosen
}
