import BatonCore

/// Compares the author's estimate for the whole plan with the forecast by its own tasks.
enum EstimateCheck {
    private static let tolerance = 0.25

    /// - Parameter plan: without errors, since it is played to the end.
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        guard let estimate = plan.estimatedDurationMinutes, let forecast = Forecast.of(plan) else { return [] }
        let minutes = Double(forecast.duration.microseconds) / 60_000_000
        guard abs(minutes - estimate) > estimate * Self.tolerance else { return [] }
        return [
            Diagnostic(
                "plan.estimate",
                "the plan estimates \(Self.shown(estimate)) minutes, its tasks take \(Self.shown(minutes)) minutes",
                remedy: "change estimated_duration_minutes, or the estimated_hours of the tasks",
                at: PlanPath(.name("estimated_duration_minutes")),
                severity: .warning
            )
        ]
    }

    private static func shown(_ minutes: Double) -> String {
        let tenths = (minutes * 10).rounded() / 10
        return Int64(exactly: tenths).map(String.init) ?? "\(tenths)"
    }
}
