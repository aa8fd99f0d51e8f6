/// Makes a schedule that breaks a rule shorter and calmer while it breaks the same rule.
package enum Shrinker {
    package struct Shrunk: Sendable {
        package let schedule: Schedule
        package let tries: Int
        /// What happens in it, a line each.
        package let trace: [String]
    }

    /// Gives up after this many tries with what it has by then.
    private static let mostTries = 20_000

    /// - Returns: nil if the schedule breaks no rule.
    package static func shrink(_ schedule: Schedule) -> Shrunk? {
        var world = schedule.world(isRecording: true)
        guard let rule = Self.brokenRule(&world) else { return nil }
        var tries = 0
        var list = world.choices.made
        guard Self.breaks(list, rule, &tries) else { return nil }
        var size = max(1, list.count / 2)
        while size >= 1, tries < Self.mostTries {
            let before = list
            Self.cut(&list, size, rule, &tries)
            Self.calm(&list, size, rule, &tries)
            if list == before || size > 1 { size /= 2 }
        }
        let shrunk = Schedule.choices(list)
        var last = shrunk.world(isTraced: true)
        _ = Self.brokenRule(&last)
        return Shrunk(schedule: shrunk, tries: tries, trace: last.trace)
    }

    private static func brokenRule(_ world: inout World) -> String? {
        do {
            _ = try world.play()
            return nil
        } catch let violation as Violation {
            return violation.rule
        } catch {
            return "\(error)"
        }
    }

    private static func breaks(_ list: [UInt32], _ rule: String, _ tries: inout Int) -> Bool {
        tries += 1
        var world = Schedule.choices(list).world()
        return Self.brokenRule(&world) == rule
    }

    // Leaves out pieces of this size, the last first: what comes late matters least.
    private static func cut(_ list: inout [UInt32], _ size: Int, _ rule: String, _ tries: inout Int) {
        var end = list.count
        while end > 0, tries < Self.mostTries {
            let start = max(0, end - size)
            let shorter = Array(list[..<start] + list[end...])
            if Self.breaks(shorter, rule, &tries) { list = shorter }
            end = min(start, list.count)
        }
    }

    // Makes pieces of this size calm: 0 is no fault, the first of a kind, the smallest number.
    private static func calm(_ list: inout [UInt32], _ size: Int, _ rule: String, _ tries: inout Int) {
        var start = 0
        while start < list.count, tries < Self.mostTries {
            let end = min(list.count, start + size)
            var calmer = list
            for index in start..<end { calmer[index] = 0 }
            if calmer != list, Self.breaks(calmer, rule, &tries) { list = calmer }
            start = end
        }
    }
}
