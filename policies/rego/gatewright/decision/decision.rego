# METADATA
# title: Decision
# description: The one question that the gate asks of a plan
package gatewright.decision

import rego.v1

import data.gatewright.break_glass
import data.gatewright.calendar
import data.gatewright.core
import data.gatewright.limits
import data.gatewright.rates

# METADATA
# title: Decision on a plan
# description: Deny beats review beats allow, and what is not understood is denied
# entrypoint: true
# scope: document
decision := {
	"outcome": outcome,
	"findings": _findings,
	"obligations": {
		"approvals": _approvals,
		"rates": rates.limits,
		"review_after": _review_after,
		"rollback": _rollback,
		"wait": calendar.wait,
	},
}

default outcome := "deny"

outcome := "allow" if {
	core.understood
	_denials == set()
	_reviews == set()
}

outcome := "review" if {
	core.understood
	_denials == set()
	some _ in _reviews
}

_findings contains finding if some finding in _denials

_findings contains finding if some finding in _reviews

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
