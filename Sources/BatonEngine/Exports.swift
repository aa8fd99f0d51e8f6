// Whoever imports BatonEngine writes plans and reads events: their types are BatonCore's.
@_exported public import BatonCore
