import Tensors

// What arguments say that shapes or other arguments do not allow.

extension Network {
  /// Regularizers and constraints that do not fit what they act on.
  func checkPenalties() throws(Failure) {
    for layer in layers {
      let place = description.layerNames.firstIndex(of: layer.name)
      func check(
        _ what: String, _ found: (problem: String, remedy: String)?
      ) throws(Failure) {
        guard let found else { return }
        throw Failure(
          layer: place, name: layer.name, problem: what + " " + found.problem,
          remedy: found.remedy)
      }
      for weight in layer.weights {
        let regularizer = weight.regularizer.flatMap(RegularizerCatalog.regularizer)
        try check("(\(weight.path))", regularizer?.problem(with: weight.shape))
        let constraint = weight.constraint.flatMap(ConstraintCatalog.constraint)
        try check("(\(weight.path))", constraint?.problem(with: weight.shape))
      }
      let activity = layer.component.arguments.component("activity_regularizer")
        .flatMap(RegularizerCatalog.regularizer)
      for shape in layer.outputShapes {
        // The batch counts as the first axis; how many examples it has is not known here.
        try check("(output)", activity?.problem(with: Shape([2] + shape.extents)))
      }
    }
  }

  /// An optimizer told two things that exclude each other, or that a network is not made for.
  func checkOptimizer(_ optimizer: Component) throws(Failure) {
    let clippings = ["clipnorm", "clipvalue", "global_clipnorm"].filter {
      optimizer.arguments.optionalNumber($0).map { $0 != 0 } ?? false
    }
    guard clippings.count < 2 else {
      throw Failure(
        layer: nil, name: optimizer.kind,
        problem: "is told " + clippings.joined(separator: " and "), remedy: "only one of them")
    }
    guard optimizer.kind == Perceptron.entry.kind, let found = Perceptron.problem(self) else {
      return
    }
    throw Failure(
      layer: nil, name: description.name, problem: found.problem, remedy: found.remedy)
  }
}

extension Network {
  /// A number of the inputs that an embedding has no row for: which layer gets it as it comes in, and
  /// how many rows that has. Nil where there is none.
  package func numberWithoutRow(
    in inputs: [Tensor]
  ) -> (layer: String, number: Float, rows: Int)? {
    for call in graph.wiring.calls {
      let layer = graph.layers[call.layer]
      guard layer.kind == "Embedding", case .input(let place)? = call.inputs.first,
        inputs.indices.contains(place)
      else { continue }
      let rows = layer.component.arguments.integer("input_dim")
      // A fraction stands for the whole number before it, as in Keras.
      let odd = inputs[place].scalars.first { !($0 > -1 && $0 < Float(rows)) }
      if let odd { return (layer.name, odd, rows) }
    }
    return nil
  }
}
