import NeuralNets
import Tensors

// Inputs of `None`: sequences of any length. While nothing is known of the data, a length stands in
// for the open one; what depends on it is what comes out otherwise with another one.

/// What stands in for the open axes of an input.
enum OpenLength {
  /// Divisible by what layers divide by, longer than windows are.
  static let standIn = 96
  static let other = 128

  static func axes(_ items: [PythonValue]) -> Set<Int> {
    Set(items.indices.filter { items[$0].isNone })
  }

  /// The axes of what stands in for an input within a class of the program.
  static func axes(of shape: Shape) -> Set<Int> {
    Set(shape.extents.indices.filter { shape[$0] == standIn })
  }
}

extension Wiring.Input {
  /// Of one example, the open axes as long as another stand-in.
  fileprivate func stretched(_ shape: Shape) -> Shape {
    Shape(shape.extents.enumerated().map { openAxes.contains($0) ? OpenLength.other : $1 })
  }
}

extension ModelHandle {
  package var isOpen: Bool { !openAxes.allSatisfy(\.isEmpty) }

  /// The graph where open axes have another length, to be compared with; nil where none is open.
  ///
  /// - Throws: a `Complaint` where a layer works on one length alone.
  package func otherLength(
    _ graph: PlacedGraph, _ description: ModelDescription
  ) throws
    -> PlacedGraph?
  {
    guard isOpen, let inputs = inputShapes else { return nil }
    let shapes = zip(inputs, openAxes).map { shape, axes in
      Shape(
        shape.extents.enumerated().map {
          axes.contains($0) ? ($1 == OpenLength.other ? OpenLength.standIn : OpenLength.other) : $1
        })
    }
    let places = layerPlaces
    func complaint(_ layer: Int?, _ message: String) -> Complaint {
      Complaint(
        message, remedy: "say the length of the data: Input(shape=(…,)) without None",
        at: layer.flatMap { places.indices.contains($0) ? .place(places[$0]) : nil } ?? .call)
    }
    let other: PlacedGraph
    do { other = try PlacedGraph(description, inputShapes: shapes) } catch {
      throw complaint(
        error.layer, "\(error.name) works on one length alone, and the input leaves it open as None"
      )
    }
    for (i, (one, another)) in zip(graph.layers, other.layers).enumerated()
    where one.weights.map(\.shape) != another.weights.map(\.shape) {
      throw complaint(
        i, "\(one.name) has weights for one length alone, and the input leaves it open as None")
    }
    return other
  }

  /// Throws where a layer works on one length alone and the input leaves it open.
  func checkLengths() throws {
    guard isOpen, var model = try? description() else { return }
    model.compilation = nil
    guard let graph = try? PlacedGraph(model, inputShapes: inputShapes) else { return }
    _ = try otherLength(graph, model)
    isLengthChecked = true
  }

  /// Takes the length of data that are about to come.
  func resolve(for arrays: [NDArray]) {
    if isBuiltOnData { takeLength(of: arrays) }
    guard isOpen, let shapes = inputShapes, shapes.count == arrays.count else { return }
    let found = zip(arrays, zip(shapes, openAxes)).map { array, wanted -> Shape in
      var extents = Array(array.shape.extents.dropFirst())
      if extents.count + 1 == wanted.0.rank, wanted.0.last == 1 { extents.append(1) }
      if extents.count == wanted.0.rank + 1, extents.last == 1 { extents.removeLast() }
      let fits =
        extents.count == wanted.0.rank
        && extents.indices.allSatisfy {
          wanted.1.contains($0) ? extents[$0] > 0 : extents[$0] == wanted.0[$0]
        }
      return fits ? Shape(extents) : wanted.0
    }
    dataShapes = found
  }

  /// What was built on its first data works on others too, as far as its weights fit.
  private func takeLength(of arrays: [NDArray]) {
    let found = arrays.map { Shape(Array($0.shape.extents.dropFirst())) }
    guard let shapes = inputShapes, shapes != found, found.count == shapes.count,
      zip(found, shapes).allSatisfy({ $0.rank == $1.rank }), var model = try? description()
    else { return }
    model.compilation = nil
    guard let now = try? PlacedGraph(model, inputShapes: shapes),
      let then = try? PlacedGraph(model, inputShapes: found),
      now.weights.map(\.shape) == then.weights.map(\.shape)
    else { return }
    dataShapes = found
  }

  /// The shapes of the outputs, where data said how long its inputs are.
  var resolvedOutputShapes: [Shape]? {
    guard dataShapes != nil, var model = try? description() else { return nil }
    model.compilation = nil
    return try? PlacedGraph(model, inputShapes: dataShapes).outputShapes
  }

  /// Shapes as the program sees them: None where the length is open.
  func extents(ofOutputs outputs: Bool) -> [[Int?]]? {
    guard let shapes = outputs ? outputShapes : inputShapes else { return nil }
    guard isOpen else { return shapes.map(\.extents) }
    guard outputs else {
      return zip(shapes, openAxes).map { shape, axes in
        shape.extents.enumerated().map { axes.contains($0) ? nil : $1 }
      }
    }
    guard var model = try? description() else { return nil }
    model.compilation = nil
    guard let graph = try? PlacedGraph(model, inputShapes: inputShapes),
      let other = try? otherLength(graph, model)
    else {
      return shapes.map(\.extents)
    }
    return zip(shapes, other.outputShapes).map {
      zip($0.extents, $1.extents).map { $0 == $1 ? $0 : nil }
    }
  }
}

extension SymbolicTensor {
  /// Of one example and the batch, nil where the length is open.
  var openExtents: [Int?] {
    if let input {
      return [nil] + shape.extents.enumerated().map { input.openAxes.contains($0) ? nil : $1 }
    }
    var inputs: [SymbolicTensor] = []
    var seen: Set<ObjectIdentifier> = []
    var stack = [self]
    while let tensor = stack.popLast() {
      guard seen.insert(ObjectIdentifier(tensor)).inserted else { continue }
      if tensor.input != nil { inputs.append(tensor) }
      stack += tensor.node?.inputs.compactMap(\.tensor) ?? []
    }
    guard inputs.contains(where: { $0.input?.openAxes.isEmpty == false }),
      let graph = try? FunctionalGraph(inputs: inputs, outputs: [self]),
      let layers = try? graph.layers.map({ try $0.component() })
    else { return extents }
    let wiring = graph.wiring()
    let model = ModelDescription(layers: layers, wiring: wiring)
    let stretched = wiring.inputs.map { $0.stretched($0.shape) }
    guard let other = try? PlacedGraph(model, inputShapes: stretched).outputShapes.first,
      other.rank == shape.rank
    else { return extents }
    return extents.prefix(extents.count - shape.rank)
      + zip(shape.extents, other.extents).map { $0 == $1 ? $0 : nil }
  }
}
