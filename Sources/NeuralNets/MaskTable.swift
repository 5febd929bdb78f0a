import Tensors

/// The masks that go with the arrays of a graph, as shapes or as values.
///
/// Keras keeps them in two ways. A mask is attached to an array while numbers go through the model, and
/// multi-head attention takes it away from what it was given. But where a layer with an argument
/// `mask` was called on one array and nothing else, the mask that the array carried as the model was
/// written down is part of the call, and that one is never taken away (Keras 3, `Layer.__call__`:
/// the node holds the call's keywords, with the mask among them unless they were copied). Code that
/// runs as it is read, as that of a layer of the program's own, knows attached masks only.
struct MaskTable<Mask: Hashable> {
  /// The same of an array in both ways.
  private struct Masks {
    var attached, written: Mask?
  }

  private var inputs: [Masks]
  private var calls: [[Masks]] = []

  /// - Parameter inputs: what the inputs carry: a model is written down before it is given any.
  init(inputs: [Mask?]) { self.inputs = inputs.map { Masks(attached: $0) } }

  private func masks(of source: Wiring.Source) -> Masks {
    switch source {
    case .input(let i): inputs[i]
    case .call(let i, let output): calls[i][output]
    case .weight, .constant: Masks()
    }
  }

  func attached(to source: Wiring.Source) -> Mask? { masks(of: source).attached }

  /// The masks that a layer goes by.
  func seen(by call: Wiring.Call, of layer: any Layer, in wiring: Wiring) -> [Mask?] {
    let all = call.inputs.map { masks(of: $0) }
    let isPlain = all.count == 1 && call.options.isEmpty && !wiring.isEager
    guard isPlain, (layer as? any MaskingLayer)?.takesMask == true, let written = all[0].written
    else { return all.map(\.attached) }
    return [written]
  }

  /// Notes the masks of what a call makes that has nothing to do with those of its inputs.
  mutating func note(_ made: [Mask?]) {
    calls.append(made.map { Masks(attached: $0, written: $0) })
  }

  /// Notes the masks of what a call makes, and what becomes of those of its inputs.
  ///
  /// - Parameter shapes: of one example of each input.
  mutating func note(
    _ made: [Mask?], of call: Wiring.Call, _ layer: any Layer, shapes: [Shape]
  ) {
    let given = call.inputs.map { masks(of: $0) }
    if given.allSatisfy({ $0.attached == $0.written }) {
      note(made)
    } else {
      let written = Self.written(given.map(\.written), made, layer, shapes)
      calls.append(zip(made, written).map { Masks(attached: $0, written: $1) })
    }
    guard (layer as? any MaskingLayer)?.takesMasksAway == true else { return }
    for source in call.inputs {
      switch source {
      case .input(let i): inputs[i].attached = nil
      case .call(let i, let output): calls[i][output].attached = nil
      case .weight, .constant: break
      }
    }
  }

  /// What a call hands on of the masks that were written down.
  private static func written(
    _ given: [Mask?], _ made: [Mask?], _ layer: any Layer, _ shapes: [Shape]
  ) -> [Mask?] {
    guard let masking = layer as? any MaskingLayer else { return made }
    // The mask of one example lies along its first axis, as that of a sequence does.
    let steps = zip(shapes, given).map { $1 == nil ? nil : Shape(Array($0.extents.prefix(1))) }
    let none = given.map { _ in Shape?.none }
    guard let carried = try? masking.outputMasks(for: shapes, masks: steps),
      let own = try? masking.outputMasks(for: shapes, masks: none)
    else { return made }
    let passed =
      (layer as? any AttendingLayer).map { $0.call.main(given).query } ?? given.first ?? nil
    return carried.indices.map { own[$0] != nil ? made[$0] : carried[$0] == nil ? nil : passed }
  }
}

extension Shape {
  /// Of one example, of the shape of a batch.
  package var droppingFirst: Shape { Shape(Array(extents.dropFirst())) }
}
