package gatewright.compatibility

import rego.v1

import data.gatewright.matrix

# What each kind of work that the plan is has for a status. The nearest line holds: the firmware
# before any, the kind of work before any.
_standing contains {"workflow": workflow, "status": status} if {
	exact := _of_firmware
	rough := _of_any
	some workflow in _workflows
	status := _status(workflow, exact, rough)
}

_status(workflow, exact, rough) := nearest if {
	lines := [status |
		some line in [exact, rough]
		some name in [workflow, "*"]
		status := line[name]
	]
	nearest := lines[0]
} else := "unknown"

_workflows contains workflow if {
	some name, workflow in matrix.workflows
	_touched[name]
}

_workflows contains "config" if _config

_touched := object.keys(input.plan.changes) | {above | some above in input.plan.objects}

# A setting stays one beside whatever else it is: a plan that touches two kinds is judged as both.
_config if not input.plan.op == "command"

_config if count(object.keys(matrix.workflows) & _touched) == 0

_of_firmware := object.get(matrix, ["models", input.device.manufacturer, input.device.model, input.device.firmware], {})

_of_any := object.get(matrix, ["models", input.device.manufacturer, input.device.model, "*"], {})

_unheard if {
	some workflow in _workflows
	not _stands(workflow)
}

_stands(workflow) if {
	some work in _standing
	work.workflow == workflow
}

_odd if {
	some work in _standing
	status := work.status
	not _named(status)
}

_named(status) if _statuses[status]

_statuses := {"green", "red", "unknown", "yellow"}
