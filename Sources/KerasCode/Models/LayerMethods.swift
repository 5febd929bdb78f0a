import NeuralNets
import Tensors

/// What layers and models answer about their weights.
enum LayerMethods {
  static func method(_ name: String, _ layer: any GraphLayer) -> NativeFunction? {
    switch name {
    case "get_weights":
      return NativeFunction("get_weights()") { call in
        let all = try call.evaluator.host.weights(of: layer)
        return try call.evaluator.list(
          try all.map { try call.evaluator.value(NDArray($0.tensor)) })
      }
    case "set_weights":
      return NativeFunction("set_weights(weights)") { call in
        guard let items = call["weights"].sequence else {
          throw call.unsuitable("weights", wanted: "a list of arrays")
        }
        try set(try items.map { try call.evaluator.array(from: $0) }, of: layer, call.evaluator)
        return .none
      }
    case "count_params":
      return NativeFunction("count_params()") { call in
        .integer(try call.evaluator.host.weights(of: layer).reduce(0) { $0 + $1.tensor.count })
      }
    case "compute_output_shape":
      return NativeFunction("compute_output_shape(input_shape)") { call in
        try outputShape(of: layer, call)
      }
    case "get_config":
      return NativeFunction("get_config()") { call in
        let table = try call.evaluator.keep(DictionaryObject())
        table.set(.text("name"), .text(layer.layerName))
        for (name, value) in try layer.component().arguments.spoken where name != "name" {
          table.set(.text(name), try call.evaluator.value(of: value))
        }
        return .dictionary(table)
      }
    default: return nil
    }
  }

  /// `layer.output`, `layer.input`: the tensors of its first call.
  static func end(
    _ name: String, of layer: any GraphLayer, _ evaluator: Evaluator
  ) throws -> PythonValue {
    if let tensor = layer.store.inputTensor { return .object(tensor) }
    // The layers of a row are called when somebody asks what lies between them.
    if layer.store.firstCall == nil, let home = layer.store.home, !home.isFunctional {
      _ = try? home.ends(evaluator)
    }
    guard let node = layer.store.firstCall else {
      throw Complaint(
        "the layer \(layer.layerName) was not called yet: it has no \(name)",
        remedy: "call it on an Input, or begin its model with one")
    }
    let tensors =
      name == "input"
      ? node.inputs.compactMap(\.tensor)
      : try node.extents.indices.map { try SymbolicTensor(node, output: $0) }
    let values = tensors.map { PythonValue.object($0) }
    return values.count == 1 ? values[0] : try evaluator.list(values)
  }

  /// The shapes that a layer gives, with the batch; it is not built by that.
  private static func outputShape(
    of layer: any GraphLayer, _ call: BoundCall
  ) throws -> PythonValue {
    let evaluator = call.evaluator
    func extents(_ value: PythonValue) throws -> [Int?] {
      guard let items = value.sequence, !items.isEmpty,
        items.allSatisfy({ $0.isNone || ($0.wholeNumber ?? 0) > 0 })
      else {
        throw call.unsuitable("input_shape", wanted: "a tuple with the batch, as (None, 20)")
      }
      return items.map(\.wholeNumber)
    }
    let given = call["input_shape"]
    let isList = given.sequence?.first?.sequence != nil
    let all = try (isList ? given.sequence ?? [] : [given]).map(extents)
    let inputs = all.map { extents in
      let shape = Shape(extents.dropFirst().map { $0 ?? 1 })
      let beginning = LayerObject(
        nil, inputShape: shape, name: "input", place: evaluator.callPlace,
        statement: evaluator.topStatement)
      return NodeInput.tensor(SymbolicTensor(input: beginning, shape: shape))
    }
    let known = layer.store.builtShapes
    let outputs = try layer.outputExtents(for: inputs, CallOptions(), evaluator)
    layer.store.builtShapes = known
    let batch = all[0].first ?? nil
    let shapes = try outputs.map { output in
      try evaluator.tuple(
        ([batch] + output.dropFirst()).map { $0.map { .integer($0) } ?? .none })
    }
    return shapes.count == 1 ? shapes[0] : try evaluator.list(shapes)
  }

  private static func set(
    _ arrays: [NDArray], of layer: any GraphLayer, _ evaluator: Evaluator
  ) throws {
    let known = try evaluator.host.weights(of: layer)
    guard arrays.count == known.count else {
      throw Complaint(
        "\(arrays.count) arrays for \(layer.layerName), which has \(known.count) weights",
        remedy: "give them in the order of get_weights()", at: .argument(0))
    }
    for (weight, array) in zip(known, arrays) where array.shape != weight.tensor.shape {
      throw Complaint(
        "an array of shape \(array.shape.tupleText) for \(weight.path)",
        remedy: "its shape is \(weight.tensor.shape.tupleText)", at: .argument(0))
    }
    try evaluator.host.setWeights(of: layer, arrays.map(\.tensor))
  }

  /// `layer.weights` and its like: variables.
  static func weights(
    _ name: String, of layer: any GraphLayer, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let all = try evaluator.host.weights(of: layer)
    let chosen = all.enumerated().filter { _, weight in
      switch name {
      case "trainable_weights", "trainable_variables": weight.isTrainable
      case "non_trainable_weights", "non_trainable_variables": !weight.isTrainable
      default: true
      }
    }
    return try evaluator.list(
      chosen.map { i, weight in .object(VariableObject(layer, i, path: weight.path)) })
  }

  /// `layer.kernel`.
  static func weight(
    _ name: String, of layer: any GraphLayer, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    guard layer.builtShapes != nil else { return nil }
    guard let all = try? evaluator.host.weights(of: layer),
      let i = all.firstIndex(where: { $0.path.split(separator: "/").last.map(String.init) == name })
    else { return nil }
    return .object(VariableObject(layer, i, path: all[i].path))
  }
}

/// A weight of a layer, as `layer.kernel` gives it.
final class VariableObject: ArrayConvertible {
  private let layer: any GraphLayer
  private let place: Int
  private let path: String

  init(_ layer: any GraphLayer, _ place: Int, path: String) {
    self.layer = layer
    self.place = place
    self.path = path
  }

  var typeName: String { "Variable" }
  var shown: String { "<Variable path=\(layer.fullPath(path))>" }
  var attributeNames: [String] {
    ["assign", "dtype", "name", "numpy", "path", "shape", "trainable"]
  }

  /// Its numbers now.
  func numbers(_ evaluator: Evaluator) throws -> Tensor {
    try evaluator.host.weights(of: layer)[place].tensor
  }

  func array(_ evaluator: Evaluator) throws -> NDArray { NDArray(try numbers(evaluator)) }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "name": return .text(path.split(separator: "/").last.map(String.init) ?? path)
    case "path": return .text(layer.fullPath(path))
    case "dtype": return .text("float32")
    case "trainable": return .boolean(try evaluator.host.weights(of: layer)[place].isTrainable)
    case "shape":
      return try evaluator.tuple(
        try numbers(evaluator).shape.extents.map { .integer($0) })
    case "numpy", "value":
      return .object(
        NativeFunction("\(name)()") { call in
          try call.evaluator.value(NDArray(try self.numbers(call.evaluator)))
        })
    case "assign":
      return .object(
        NativeFunction("assign(value)") { call in
          let array = try call.array("value")
          var all = try call.evaluator.host.weights(of: self.layer).map(\.tensor)
          guard all[self.place].shape == array.shape else {
            throw Complaint(
              "an array of shape \(array.shape.tupleText) for \(self.path)",
              remedy: "its shape is \(all[self.place].shape.tupleText)", at: .argument(0))
          }
          all[self.place] = array.tensor
          try call.evaluator.host.setWeights(of: self.layer, all)
          return .none
        })
    default: return nil
    }
  }
}
