extension RunDiagnosis.Issues {
    /// Less of the slots than this is under-use.
    private static let leastShare = 0.5

    /// One next step against what an agent costs the critical path: against the larger of what was lost there, else
    /// against the time of the longest task itself.
    static func remedy(for bottleneck: Bottleneck, _ report: RunReport) -> String {
        let profile = report.plan.agents[bottleneck.agent.offset]
        let longest = Self.longest(of: bottleneck.tasks, report).map { report.id($0).text } ?? ""
        if profile.kind == .person {
            return "answer sooner, or give \(longest) to somebody else: `baton inbox` shows what waits"
        }
        if bottleneck.spoiled > bottleneck.waited {
            let failing = bottleneck.tasks.max { Self.retries($0, report) < Self.retries($1, report) }
            let name = failing.map { report.id($0).text } ?? longest
            return "mend what fails: `baton why \(report.run.id) \(name)`"
        }
        guard bottleneck.waited > .zero else {
            return "split \(longest), its longest task there: nothing waited for \(profile.id)"
        }
        // No more than there are tasks, so that no plan can make the sum overflow.
        let most = report.run.tasks.count
        let capacity = report.plan.agents.reduce(0) { min(most, $0 + max(0, min(most, $1.maxConcurrentTasks))) }
        if report.run.largestInHand < capacity {
            return report.plan.defaults.enableParallelExecution
                ? "raise defaults.max_concurrent_tasks (now \(report.run.largestInHand))"
                : "set defaults.enable_parallel_execution to true"
        }
        return
            "raise max_concurrent_tasks of \(profile.id) (now \(profile.maxConcurrentTasks)), or let another agent do such tasks"
    }

    /// That slots stood empty, and what would fill them.
    static func underUse(
        of report: RunReport,
        on path: CriticalPath,
        busyShare: Double?,
        slots: Int
    ) -> UnderUse? {
        guard let busyShare, busyShare < Self.leastShare, slots > 1 else { return nil }
        let elapsed = report.elapsed.inSeconds
        let remedy =
            if report.statistics.waitedForPeople.inSeconds > elapsed / 2 {
                "answer sooner: a question was open most of the time"
            } else if path.duration.inSeconds > elapsed / 2, let longest = Self.longest(of: path.tasks, report) {
                "split \(report.id(longest)), the longest of the chain that decides, or let fewer tasks wait for each other"
            } else {
                "fewer slots would do as well; or look at what tasks waited for: `baton why \(report.run.id)`"
            }
        return UnderUse(busyShare: busyShare, remedy: remedy)
    }

    private static func longest(of tasks: [TaskIndex], _ report: RunReport) -> TaskIndex? {
        tasks.filter { report.tasks.indices.contains($0.offset) }.max {
            report.tasks[$0.offset].took < report.tasks[$1.offset].took
        }
    }

    private static func retries(_ task: TaskIndex, _ report: RunReport) -> Int {
        report.tasks.indices.contains(task.offset) ? report.tasks[task.offset].attempts.count : 0
    }
}
