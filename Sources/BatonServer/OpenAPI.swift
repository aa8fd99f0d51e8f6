package import BatonCore
import BatonEngine
import OrderedCollections

/// The OpenAPI 3.1 document of the API, made of its routes; `docs/openapi.json` is a copy.
package enum OpenAPI {
    package static var document: JSON {
        var paths: JSON = [:]
        for route in Route.all {
            let operations = (paths[route.path] ?? [:]).adding(route.method.lowercased(), Self.operation(route))
            paths = paths.adding(route.path, operations)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Baton", "version": .string(Baton.version),
                "description": "Control of a running engine. docs/api.md describes the shapes by these names.",
            ],
            "paths": paths,
        ]
    }

    private static func operation(_ route: Route) -> JSON {
        let names = route.names.map { Route.Parameter(name: $0, place: "path", summary: "Its identifier.") }
        var operation: JSON = [
            "summary": .string(route.summary),
            "parameters": .array((names + route.parameters).map(Self.parameter)),
            "responses": Self.responses(route),
        ]
        if let body = route.body {
            operation = operation.adding(
                "requestBody",
                ["required": true, "content": .object([Self.type(of: body): ["x-shape": .string(body)]])]
            )
        }
        return operation
    }

    private static func type(of shape: String) -> String {
        switch shape {
        case "stream": EventStream.type
        case "archive": Route.lines
        default: "application/json"
        }
    }

    private static func parameter(_ parameter: Route.Parameter) -> JSON {
        [
            "name": .string(parameter.name), "in": .string(parameter.place),
            "description": .string(parameter.summary), "required": .bool(parameter.place == "path"),
            "schema": ["type": "string"],
        ]
    }

    private static func responses(_ route: Route) -> JSON {
        var responses: JSON = [
            "200": [
                "description": "Done.",
                "content": .object([Self.type(of: route.answer): ["x-shape": .string(route.answer)]]),
            ]
        ]
        for status in ([400, 403, 404] + route.refusals).sorted() {
            responses = responses.adding(
                String(status),
                [
                    "description": .string(Status.meaning(of: status)),
                    "content": ["application/json": ["x-shape": "error"]],
                ]
            )
        }
        return responses
    }
}
