/// The rates that all surfaces tell, each worked out in one way.
package enum Rates {
    /// Completed tasks in percent of those that completed or failed; nil before the first.
    package static func success(completed: Int, failed: Int) -> Double? {
        let tried = completed + failed
        return tried > 0 ? 100 * Double(completed) / Double(tried) : nil
    }

    /// So many a minute; nil while no time has passed.
    package static func perMinute(_ count: Int, in time: Duration) -> Double? {
        time > .zero ? Double(count) / (time.inSeconds / 60) : nil
    }
}
