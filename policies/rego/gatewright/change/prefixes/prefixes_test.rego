package gatewright.change.prefixes_test

import rego.v1

import data.gatewright.change.prefixes
import data.gatewright.question_test

test_asking_for_a_prefix_is_neither_denied_nor_reviewed if {
	every kind in ["person", "machine"] {
		every template in prefixes.covers {
			asked := object.union(question_test.setting(template, true), {"asker": {"kind": kind}})
			count(prefixes.deny | prefixes.review) == 0 with input as asked
		}
	}
}

test_no_longer_asking_is_reviewed_and_no_machine_does_it if {
	every after in [false, null, "true", 1] {
		every template in prefixes.covers {
			asked := question_test.setting(template, after)
			off := {"code": "prefixes.off", "path": question_test.concrete(template), "group": "approvers"}
			prefixes.review == {off} with input as asked
			prefixes.deny == set() with input as asked
			machine := object.union(asked, {"asker": {"kind": "machine"}})
			question_test.codes(prefixes.deny) == {"prefixes.machine"} with input as machine
			prefixes.deny == set() with input as object.union(machine, {"point": "rollback"})
		}
	}
}

test_nothing_is_said_of_nothing if {
	count(prefixes.deny | prefixes.review) == 0 with input as {}
}
