# METADATA
# title: What a language model composes
# description: |
#   A model may have been talked into anything, and whoever reviews may stamp everything. So what a
#   model composes itself can only give: it is listed, value by value, and all else is denied.
package gatewright.composed

import rego.v1

import data.gatewright.composable

# METADATA
# title: Not for a language model to make up
# description: No list lets a language model compose this, so it could take service away or open the home.
# custom:
#   code: composed.not_composable
#   severity: deny
#   remedy: Ask for it outright, or let the rules find the cause; a person then looks at it.
deny contains {"code": "composed.not_composable", "path": change.path} if {
	_composed
	changes := input.plan.changes
	some template, _ in changes
	not _listed(template)
	some change in changes[template]
}

# METADATA
# title: It takes service away
# description: A language model composed a value that takes something from the home, rather than giving it.
# custom:
#   code: composed.takes_away
#   severity: deny
#   remedy: Ask for it outright, in words that name it; a person then looks at it.
deny contains {"code": "composed.takes_away", "path": change.path} if {
	_composed
	some change in _taking
}

# METADATA
# title: More than a language model may compose at once
# description: A language model composes at most {limit} changes together, so that each can be looked at.
# custom:
#   code: composed.too_many
#   severity: deny
#   remedy: Propose the one change that the evidence speaks for.
deny contains {"code": "composed.too_many", "path": "", "about": {"limit": limit}} if {
	_composed
	limit := object.get(composable, "max_changes", null)
	not _few(limit)
}

# Whoever is not known to have composed it is held to be a model. Putting back what was there is no
# composition, whoever made the plan that it undoes.
_composed if {
	not input.point == "rollback"
	not _known_author
}

_known_author if _authors[input.author]

_authors := {"rules", "llm_chosen", "person"}

_listed(template) if template in composable.any

_listed(template) if template in composable.no_less

_listed(template) if composable.values[template]

_taking contains change if {
	some template, allowed in composable.values
	changes := input.plan.changes[template]
	some change in changes
	not _among(change, allowed)
}

_taking contains change if {
	some template in composable.no_less
	changes := input.plan.changes[template]
	some change in changes
	not _no_less(change)
}

_among(change, allowed) if change.after in allowed

_no_less(change) if {
	is_number(change.after)
	is_number(change.before)
	change.after >= change.before
}

_few(limit) if {
	is_number(limit)
	is_number(input.plan.count)
	input.plan.count <= limit
}
