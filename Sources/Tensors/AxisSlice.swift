/// What is taken of one axis, with Python's meaning of negative and missing bounds.
package enum AxisSlice: Hashable, Sendable {
  case all
  /// `start:stop:step`; bounds beyond the axis are moved to its ends.
  case range(start: Int? = nil, stop: Int? = nil, step: Int = 1)
  /// One place; the axis is gone.
  case index(Int)

  /// The first place and how many there are of an axis of `extent` places.
  /// - Precondition: an index lies within the axis and a step is not 0.
  package func places(of extent: Int) -> (start: Int, count: Int, step: Int) {
    switch self {
    case .all: return (0, extent, 1)
    case .index(let index):
      let place = index < 0 ? index + extent : index
      precondition(place >= 0 && place < extent, "no place \(index) among \(extent)")
      return (place, 1, 1)
    case .range(let start, let stop, let step):
      precondition(step != 0, "a step of 0")
      let (lowest, highest) = step > 0 ? (0, extent) : (-1, extent - 1)
      func bound(_ bound: Int?, else end: Int) -> Int {
        guard let bound else { return end }
        return min(max(bound < 0 ? bound + extent : bound, lowest), highest)
      }
      let first = bound(start, else: step > 0 ? lowest : highest)
      let end = bound(stop, else: step > 0 ? highest : lowest)
      let distance = step > 0 ? end - first : first - end
      return (first, max((distance + abs(step) - 1) / abs(step), 0), step)
    }
  }
}
