package gatewright.change.controllers_test

import rego.v1

import data.gatewright.change.controllers
import data.gatewright.question_test

_path := "Device.X_GATEWRIGHT_Controller.Name"

_tags := "Device.X_GATEWRIGHT_GenieACS.Tags"

test_a_person_asks_for_a_move_and_another_looks_at_it if {
	every there in ["acs", "genieacs", "oktopus", "usp"] {
		count(controllers.deny) == 0 with input as question_test.setting(_path, there)
		move := {"code": "controllers.move", "path": _path, "group": "approvers"}
		controllers.review == {move} with input as question_test.setting(_path, there)
	}
}

test_a_machine_moves_nothing if {
	every kind in ["service", "", null] {
		asker := {"asker": {"kind": kind}}
		asked := object.union(question_test.setting(_path, "usp"), asker)
		controllers.deny == {{"code": "controllers.machine", "path": _path}} with input as asked
	}
}

test_who_is_not_known_to_be_a_person_is_none if {
	asked := object.remove(question_test.setting(_path, "usp"), ["asker"])
	controllers.deny == {{"code": "controllers.machine", "path": _path}} with input as asked
}

test_there_are_four_controllers if {
	every value in ["cwmp", "USP", "", null, {"secret": true}] {
		asked := question_test.setting(_path, value)
		controllers.deny == {{"code": "controllers.unknown", "path": _path}} with input as asked
	}
	nothing := object.union(question_test.asked, {"plan": question_test.plan("set", _path, {})})
	controllers.deny == {{"code": "controllers.unknown", "path": _path}} with input as nothing
}

test_a_person_asks_for_tags_and_another_looks_at_them if {
	every tags in ["", "pilot", "pilot,vip"] {
		count(controllers.deny) == 0 with input as question_test.setting(_tags, tags)
		review := {"code": "controllers.tags", "path": _tags, "group": "approvers"}
		controllers.review == {review} with input as question_test.setting(_tags, tags)
	}
}

test_a_machine_tags_nothing if {
	every kind in ["service", "", null] {
		asked := object.union(question_test.setting(_tags, "pilot"), {"asker": {"kind": kind}})
		controllers.deny == {{"code": "controllers.tagged_by_machine", "path": _tags}} with input as asked
	}
	unasked := object.remove(question_test.setting(_tags, "pilot"), ["asker"])
	controllers.deny == {{"code": "controllers.tagged_by_machine", "path": _tags}} with input as unasked
}

test_it_is_about_nothing_else if {
	count(controllers.deny | controllers.review) == 0 with input as question_test.setting("Device.Time.Enable", true)
}
