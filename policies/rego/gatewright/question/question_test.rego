# METADATA
# title: Questions for tests
# description: What a support agent asks of one known device, to be altered by each test
package gatewright.question_test

import rego.v1

asked := {
	"asker": {"groups": [], "id": "ann", "kind": "person", "roles": ["support"]},
	"author": "rules",
	"autonomy": null,
	"break_glass": null,
	"can_roll_back": true,
	"cause": "agent.requested",
	"controller": {"atomic_set": true, "events": true, "kind": "acs", "parameter_key": true},
	"device": {
		"country": "DE",
		"firmware": "1.0",
		"id": "00D09E-G1-1",
		"manufacturer": "Acme",
		"model": "G1",
		"protocol": "cwmp",
		"ring": "general",
		"seen_seconds_ago": 10,
	},
	"halted": false,
	"images": {},
	"lans": {},
	"now": {
		"epoch": 1767225600,
		"local": {"minute": 60, "weekday": 3},
		"minute": 0,
		"weekday": 3,
	},
	"openings": {},
	"point": "submit",
	"pools": {},
	"radios": {},
	"service_plan": "basic",
	"shapers": {},
	"shared_by": 0,
	"tenant": "default",
	"track_record": null,
	"unreviewed": 0,
	"usage": {
		"device": quiet,
		"model": quiet,
		"olt": quiet,
		"port": quiet,
		"site": quiet,
		"tenant": quiet,
		"unplaced": quiet,
	},
}

quiet := {"last_hour": 0, "under_way": 0}

# The question on one parameter set to this value, in the first row of every table.
setting(template, after) := object.union(asked, {"plan": plan("set", template, {"after": after, "before": null})})

plan(op, template, values) := {
	"changes": {template: [object.union({"object": parent(template), "path": concrete(template)}, values)]},
	"count": 1,
	"digest": "d",
	"families": {family(template): true},
	"objects": ancestors(template),
	"op": op,
	"part": 1,
}

# The first object that the template lies in, or the template itself where it lies in none.
family(template) := template if count(split(template, ".")) == 2

family(template) := ancestors(template)[0] if count(split(template, ".")) > 2

concrete(template) := replace(template, "{i}", "1")

parent(template) := concat(".", array.concat(array.slice(parts, 0, count(parts) - 1), [""])) if {
	parts := split(concrete(template), ".")
}

ancestors(template) := [concat(".", array.concat(array.slice(parts, 0, n), [""])) |
	parts := split(template, ".")
	some n in numbers.range(2, count(parts) - 1)
]

codes(findings) := {finding.code | some finding in findings}
