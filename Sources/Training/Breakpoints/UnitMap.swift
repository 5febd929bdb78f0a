import NeuralNets
import Tensors

/// The units of a layer, healthy and sick.
package struct UnitMap: Hashable, Sendable, Codable {
  package let layer: String
  package let count: Int
  /// Those that are sick, and those of them that were not at the step before.
  package let sick: [Int]
  package let new: [Int]
}

extension UnitMap {
  /// - Returns: nil where a stop was not by units.
  init?(_ meeting: Meeting, in session: Session) {
    guard case .units(let now)? = meeting.new else { return nil }
    var before: [UnitPlace] = []
    if case .units(let units)? = meeting.old { before = units }
    let added = now.filter { !before.contains($0) }
    guard let layer = added.first?.layer,
      let placed = session.network.layers.first(where: { $0.name == layer })
    else { return nil }
    self.layer = layer
    count = placed.outputShape.last
    sick = now.filter { $0.layer == layer }.map(\.unit)
    new = added.filter { $0.layer == layer }.map(\.unit)
  }
}
