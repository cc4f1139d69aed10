package gatewright.compatibility

import rego.v1

import data.gatewright.matrix

# What each kind of work that the plan is has for a status. The nearest line holds: the firmware
# before any, the kind of work before any.
_standing contains {"workflow": workflow, "status": status} if {
	some workflow in _workflows
	any_firmware := object.get(_of_any, [workflow], object.get(_of_any, ["*"], "unknown"))
	status := object.get(_of_firmware, [workflow], object.get(_of_firmware, ["*"], any_firmware))
}

_workflows contains workflow if {
	some name, workflow in matrix.workflows
	name in _touched
}

_workflows contains "config" if _config

_touched := object.keys(input.plan.changes) | {above | some above in input.plan.objects}

# A setting stays one beside whatever else it is: a plan that touches two kinds is judged as both.
_config if not input.plan.op == "command"

_config if count(object.keys(matrix.workflows) & _touched) == 0

_of_firmware := object.get(matrix, ["models", input.device.manufacturer, input.device.model, input.device.firmware], {})

_of_any := object.get(matrix, ["models", input.device.manufacturer, input.device.model, "*"], {})
