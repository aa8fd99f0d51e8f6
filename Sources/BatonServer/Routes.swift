import BatonCore
import BatonEngine

/// One call of the API: a method, a path, what it is for and what it answers; server and OpenAPI document come from these.
struct Route: Sendable {
    /// What a path may ask for beside its own parts.
    struct Parameter: Sendable {
        let name: String
        let place: String
        let summary: String
    }

    let method: String
    /// Parts in braces are parameters.
    let path: String
    let summary: String
    /// The name of the body's shape in docs/api.md.
    var body: String?
    /// The name of the answer's shape there.
    let answer: String
    var parameters: [Parameter] = []
    /// Codes of refusals beside 400, 404 and 500.
    var refusals: [Int] = []

    static let all: [Route] = [
        Route(
            method: "GET",
            path: "/v1/engine",
            summary: "Who answers, and what its team does now.",
            answer: "engine",
            parameters: [
                Parameter(
                    name: "team",
                    place: "query",
                    summary: "`false` leaves the team out, for which all runs that have not ended are read."
                )
            ]
        ),
        Route(
            method: "GET",
            path: "/v1/openapi.json",
            summary: "This document.",
            answer: "openapi"
        ),
        Route(method: "GET", path: "/v1/runs", summary: "All runs, the newest first.", answer: "runs"),
        Route(
            method: "POST",
            path: "/v1/runs",
            summary: "Begins a run of a plan.",
            body: "start",
            answer: "reply",
            parameters: [Self.key, Self.user],
            refusals: [408, 409, 413, 415, 422]
        ),
        Route(method: "GET", path: "/v1/runs/{run}", summary: "A run with its tasks.", answer: "run"),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/events",
            summary: "The events of a run as they become durable, as server-sent events; ends with the run.",
            answer: "stream",
            parameters: [
                Parameter(name: "Last-Event-ID", place: "header", summary: "Only events after this position."),
                Parameter(name: "after", place: "query", summary: "The same, for clients that cannot set headers."),
                Parameter(name: "form", place: "query", summary: "`journal` sends the journal's own lines."),
            ]
        ),
        Route(
            method: "POST",
            path: "/v1/runs/{run}/commands",
            summary: "Puts a command to a run; answered when it is durable.",
            body: "command",
            answer: "reply",
            parameters: [Self.key, Self.user],
            refusals: [408, 409, 413, 415, 422]
        ),
        Route(
            method: "POST",
            path: "/v1/runs/{run}/forks",
            summary: "Makes a run that shares the events of this one up to a position.",
            body: "fork",
            answer: "reply",
            parameters: [Self.key, Self.user],
            refusals: [408, 409, 413, 415, 422]
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/status",
            summary: "What the team of a run does now.",
            answer: "team",
            parameters: [
                Parameter(
                    name: "warn_below",
                    place: "query",
                    summary:
                        "The success rate, in percent, below which the commonest failure is told; 80 if it is not given."
                )
            ]
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/diagnosis",
            summary: "How a run went as a whole, and what held it up.",
            answer: "diagnosis"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/agents",
            summary: "The agents of a run, with what each has in hand.",
            answer: "agents"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/report",
            summary: "All there is to tell of a run, at any moment.",
            answer: "report"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/graph",
            summary: "Who waits for whom: layers and the critical path.",
            answer: "graph"
        ),
        Route(method: "GET", path: "/v1/runs/{run}/why", summary: "Why a run stands where it stands.", answer: "why"),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/tasks/{task}",
            summary: "A task with its attempts, and its output if it completed.",
            answer: "task"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/tasks/{task}/why",
            summary: "Why a task stands where it stands.",
            answer: "why_task"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/replay",
            summary: "Folds a run again from its events and compares it with what is stored.",
            answer: "replay"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/diff/{other}",
            summary: "Where two runs part, and what followed.",
            answer: "diff"
        ),
        Route(
            method: "GET",
            path: "/v1/runs/{run}/archive",
            summary: "The run with all that it needs, as one file.",
            answer: "archive"
        ),
        Route(
            method: "POST",
            path: "/v1/asks",
            summary: "Asks one agent, or whoever suits best, without a plan: begins a run of one task.",
            body: "ask",
            answer: "reply",
            parameters: [Self.key, Self.user],
            refusals: [408, 409, 413, 415, 422]
        ),
        Route(
            method: "GET",
            path: "/v1/audit",
            summary: "Whether every stored run is what was written: chain, contents and the list of runs.",
            answer: "audit"
        ),
        Route(
            method: "GET",
            path: "/v1/prunable",
            summary: "Which runs `baton prune` would take, when no engine holds the folder.",
            answer: "prunable",
            parameters: [
                Parameter(name: "older_than", place: "query", summary: "Ended so long ago, such as `30d`."),
                Parameter(name: "keep", place: "query", summary: "All but so many of the newest ended ones."),
                Parameter(name: "run", place: "query", summary: "This run; may be given again."),
            ],
            refusals: [409]
        ),
        Route(
            method: "GET",
            path: "/v1/agents",
            summary: "The agents of all runs that have not ended.",
            answer: "agents"
        ),
        Route(method: "GET", path: "/v1/inbox", summary: "All open questions.", answer: "inbox"),
        Route(
            method: "GET",
            path: "/v1/stats",
            summary: "Figures over many runs.",
            answer: "stats",
            parameters: [
                Parameter(name: "agents", place: "query", summary: "`true` reads every run for its agents and costs."),
                Parameter(name: "last", place: "query", summary: "Only so many of the newest runs."),
            ]
        ),
    ]

    /// The media type of archives.
    static let lines = "application/x-ndjson"

    private static let key = Parameter(
        name: "Idempotency-Key",
        place: "header",
        summary: "The same key with the same body is answered as the first time, and nothing is done twice."
    )
    private static let user = Parameter(name: "Baton-User", place: "header", summary: "Who asks; the journal names it.")

    var names: [String] {
        self.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
