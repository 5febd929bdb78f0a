import NeuralNets
import Tensors

// Operations that lay numbers out anew.

extension SymbolicOperations {
  /// A shape of the model: None is the batch.
  static func extents(_ name: String, of call: BoundCall) throws -> [Int?] {
    let extents = try wanted(call[name], call)
    guard extents.count <= 8, extents.allSatisfy({ ($0 ?? 1) > 0 && ($0 ?? 1) <= 1 << 24 }) else {
      throw call.unsuitable(name, wanted: "a tuple of positive whole numbers, None for the batch")
    }
    return extents
  }

  /// Extents as a program gives them: None is the batch, −1 what is left.
  private static func wanted(_ value: PythonValue, _ call: BoundCall) throws -> [Int?] {
    let items = value.sequence ?? [value]
    return try items.map { item in
      if item.isNone { return nil }
      guard let i = item.wholeNumber else {
        throw Complaint("\(item.described) in a shape", remedy: "give whole numbers or -1")
      }
      return i
    }
  }

  private static func reshape(
    _ x: PythonValue, to given: [Int?], _ evaluator: Evaluator
  ) throws -> PythonValue {
    let own = try evaluator.extents(of: x)
    let count = own.compactMap { $0 }.reduce(1, *)
    var target = given
    let rest = given.compactMap { $0 }.filter { $0 != -1 }.reduce(1, *)
    if let open = target.firstIndex(of: .some(-1)) {
      let hasBatch = own.contains(nil) && !target.contains(nil)
      target[open] = hasBatch && rest == count ? nil : rest == 0 ? 0 : count / rest
    }
    return try evaluator.operation("Reshape", .reshape(target), [x])
  }

  static func shaped(
    _ name: String, _ title: String, _ x: PythonValue, _ call: BoundCall
  ) throws -> PythonValue? {
    let evaluator = call.evaluator
    switch name {
    case "reshape":
      return try reshape(x, to: try wanted(call[call.order[1]], call), evaluator)
    case "expand_dims":
      let own = try evaluator.extents(of: x)
      let place = try axis("axis", call, own.count + 1, standard: -1)
      return try reshape(x, to: Array(own[..<place]) + [1] + Array(own[place...]), evaluator)
    case "squeeze":
      let own = try evaluator.extents(of: x)
      let axes = try call.axes().map { $0.map { $0 < 0 ? $0 + own.count : $0 } }
      let target = own.indices.filter { i in
        !(own[i] == 1 && (axes?.contains(i) ?? true))
      }.map { own[$0] }
      return try reshape(x, to: target, evaluator)
    case "transpose":
      let rank = try evaluator.extents(of: x).count
      let order = try call.axes("axes") ?? Array((0..<rank).reversed())
      guard Set(order.map { $0 < 0 ? $0 + rank : $0 }) == Set(0..<rank) else {
        throw call.unsuitable("axes", wanted: "each of the \(rank) axes once")
      }
      return try evaluator.operation(
        "Transpose", .transpose(order.map { $0 < 0 ? $0 + rank : $0 }), [x])
    case "swapaxes":
      let rank = try evaluator.extents(of: x).count
      var order = Array(0..<rank)
      order.swapAt(
        try axis("axis1", call, rank, standard: 0), try axis("axis2", call, rank, standard: 1))
      return try evaluator.operation("Transpose", .transpose(order), [x])
    case "concatenate", "stack":
      guard let items = x.sequence, let first = items.first else { return nil }
      let rank = try evaluator.extents(of: first).count + (name == "stack" ? 1 : 0)
      let place = try axis("axis", call, rank, standard: name == "stack" ? 0 : -1)
      return try evaluator.operation(
        title, name == "stack" ? .stack(axis: place) : .concatenate(axis: place), items)
    case "repeat":
      let rank = try evaluator.extents(of: x).count
      let place = try axis("axis", call, rank, standard: -1)
      return try evaluator.operation(
        "Repeat", .repeated(try call.integer("repeats", in: 1...1 << 20), axis: place), [x])
    case "flip":
      let rank = try evaluator.extents(of: x).count
      return try evaluator.operation(
        "Flip", .flip([try axis("axis", call, rank, standard: -1)]), [x])
    case "broadcast_to":
      return try evaluator.operation(
        "BroadcastTo", .broadcast(try wanted(call["shape"], call)), [x])
    case "shape":
      return try evaluator.tuple(
        try evaluator.openExtents(of: x).map { $0.map { .integer($0) } ?? .none })
    case "ndim": return .integer(try evaluator.extents(of: x).count)
    case "ravel", "flatten": return try reshape(x, to: [-1], evaluator)
    default: return nil
    }
  }
}
