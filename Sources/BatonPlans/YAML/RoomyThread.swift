import Foundation
import Synchronization

/// Runs work on a thread of its own with a large stack, and waits for it.
///
/// Yams recurses as deep as libyaml nests, a thousand levels; callers may stand on a stack of half a mebibyte.
enum RoomyThread {
    private static let stackSize = 64 << 20

    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
        let isDone = DispatchSemaphore(value: 0)
    }

    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
        let box = Box<Value>()
        let thread = Thread {
            let value = work()
            box.value.withLock { $0 = value }
            box.isDone.signal()
        }
        thread.stackSize = Self.stackSize
        thread.start()
        box.isDone.wait()
        guard let value = box.value.withLock({ $0 }) else {
            preconditionFailure("the thread signalled before it stored its value")
        }
        return value
    }
}
