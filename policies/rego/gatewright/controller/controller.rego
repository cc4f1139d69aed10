# METADATA
# title: What the controller cannot promise
# description: A plan rests on what its controller promises; what is not known to be promised is not
package gatewright.controller

import rego.v1

import data.gatewright.limits

# METADATA
# title: Half of it would harm
# description: The plan sets {count} parameters, which may be written in part, and half of them could harm.
# custom:
#   code: controller.half_would_harm
#   severity: deny
#   remedy: Change one parameter at a time, or move the device to a controller that sets all or nothing.
deny contains {
	"code": "controller.half_would_harm", "path": "",
	"about": {"count": input.plan.count},
} if {
	_in_parts
	not _harmless
}

# METADATA
# title: Nobody could prove it
# description: A secret reads back empty, and this controller leaves no mark that proves it.
# custom:
#   code: controller.cannot_prove
#   severity: deny
#   remedy: Change it in the controller itself, or move the device to one that leaves a ParameterKey.
deny contains {"code": "controller.cannot_prove", "path": change.path} if {
	_forward
	not _keyed
	input.plan.op == "set"
	changes := input.plan.changes
	some template, _ in changes
	some change in changes[template]
	change.after.secret == true
}

# METADATA
# title: It may be written in part
# description: The plan sets {count} parameters, and its controller may write a part of them alone.
# custom:
#   code: controller.not_atomic
#   severity: review
#   remedy: Make sure that each part of it does no harm by itself before approving.
review contains {
	"code": "controller.not_atomic", "path": "",
	"group": "approvers", "about": {"count": input.plan.count},
} if {
	_in_parts
	_harmless
}

_in_parts if {
	_forward
	not input.plan.count == 1
	not _atomic
}

# Putting back what was there needs no more than that it was there.
_forward if input.point == "execute"

_forward if input.point == "submit"

_atomic if input.controller.atomic_set == true

_keyed if input.controller.parameter_key == true

_harmless if {
	count(limits.controllers.whole) >= 0
	count(input.plan.objects) > 0
	count({name | some name in input.plan.objects} & {name | some name in limits.controllers.whole}) == 0
}
