# METADATA
# title: Decision
# description: The one question that the gate asks of a plan
package gatewright.decision

import rego.v1

import data.gatewright.asker
import data.gatewright.break_glass
import data.gatewright.core
import data.gatewright.limits
import data.gatewright.topics

# METADATA
# title: Decision on a plan
# description: Deny beats review beats allow, and what is not understood is denied
# entrypoint: true
# scope: document
decision := {
	"outcome": outcome,
	"findings": (_denials | _reviews),
	"obligations": {"approvals": _approvals, "review_after": _review_after, "rollback": _rollback},
}

default outcome := "deny"

outcome := "allow" if {
	core.understood
	count(_denials) == 0
	count(_reviews) == 0
}

outcome := "review" if {
	core.understood
	count(_denials) == 0
	count(_reviews) > 0
}

_denials := ((asker.deny | core.deny) | topics.deny) | break_glass.deny

# Putting back what was there needs no second answer: the plan that it undoes was answered for.
_reviews := set() if {
	input.point == "rollback"
} else := set() if {
	break_glass.holds
} else := (asker.review | core.review) | topics.review

_approvals contains {"group": finding.group, "min": _people(finding.group)} if {
	outcome == "review"
	some finding in _reviews
}

# A group that nobody gave a number for still needs one person: silence is never "none".
_people(group) := n if {
	n := limits.approvals[group]
	is_number(n)
	n >= 1
} else := 1

# Said of what is let through only because somebody broke the glass, so that nobody takes it for more.
default _review_after := null

_review_after := break_glass.review_after if outcome == "allow"

default _rollback := "none"

_rollback := "automatic" if input.can_roll_back == true
