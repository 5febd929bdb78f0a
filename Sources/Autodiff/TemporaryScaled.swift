extension Emitter { func scaled(_ x: Value, by y: Value) -> Value { preconditionFailure() } }
