"""What a simulated agent says its software has: the home's tree with ``{i}`` for rows."""

from brain.domain.parameter import ParameterType, template_of
from evals.homes.home import Home
from executors.usp import requests as q
from executors.usp import supported as s

_TYPES = {
    ParameterType.BASE64: s.ParamValueType.BASE_64,
    ParameterType.BOOLEAN: s.ParamValueType.BOOLEAN,
    ParameterType.DATE_TIME: s.ParamValueType.DATE_TIME,
    ParameterType.DECIMAL: s.ParamValueType.DECIMAL,
    ParameterType.HEX_BINARY: s.ParamValueType.HEX_BINARY,
    ParameterType.INT: s.ParamValueType.INT,
    ParameterType.LONG: s.ParamValueType.LONG,
    ParameterType.STRING: s.ParamValueType.STRING,
    ParameterType.UNSIGNED_INT: s.ParamValueType.UNSIGNED_INT,
    ParameterType.UNSIGNED_LONG: s.ParamValueType.UNSIGNED_LONG,
}


def supported(home: Home, asked: q.GetSupportedDM) -> s.GetSupportedDMResp:
    """The answer for each path; the number of rows makes no difference to it."""
    objects = _objects(home)
    return s.GetSupportedDMResp(
        tuple(
            s.SupportedObjects(
                path,
                data_model_inst_uri="urn:broadband-forum-org:tr-181-2-16-0",
                supported_objs=tuple(each for at, each in objects.items() if at.startswith(path)),
            )
            for path in asked.obj_paths
        )
    )


def _objects(home: Home) -> dict[str, s.SupportedObjectResult]:
    parameters: dict[str, dict[str, s.SupportedParamResult]] = {}
    for path, parameter in home.tree.parameters.items():
        above, dot, leaf = template_of(path).rpartition(".")
        access = s.ParamAccess.READ_WRITE if parameter.writable else s.ParamAccess.READ_ONLY
        said = s.SupportedParamResult(leaf, access, _TYPES[parameter.type])
        parameters.setdefault(above + dot, {})[leaf] = said
    rows = {path: spec.writable for path, spec in home.model.tables.items()}  # empty ones too
    for path, writable in home.tree.objects.items():
        template = template_of(path)
        rows[template] = rows.get(template, False) or writable
    return {
        path: s.SupportedObjectResult(
            path,
            access=s.ObjAccess.ADD_DELETE if writable else s.ObjAccess.READ_ONLY,
            is_multi_instance=path.endswith("{i}."),
            supported_params=tuple(parameters.get(path, {}).values()),
        )
        for path, writable in sorted(rows.items())
        if f"{path}{{i}}." not in rows
    }
