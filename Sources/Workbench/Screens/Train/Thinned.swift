/// A long series with fewer points that looks the same: of each run of values the lowest, the
/// highest and the first that is no number, where they were.
///
/// A frame then costs the same however long one has trained.
struct Thinned {
  private static let limit = 4096

  private(set) var x: [Float] = []
  private(set) var y: [Float] = []

  /// - Parameter values: their indices are their places on the x axis.
  /// - Parameter stride: the distance between them on the axis.
  init(_ values: ArraySlice<Float>, stride: Int = 1) {
    thin(values)
    if stride > 1 { x = x.map { $0 * Float(stride) } }
  }

  private mutating func thin(_ values: ArraySlice<Float>) {
    // A power of two, and runs that begin at its multiples: points stay while the series grows.
    var length = 1
    while values.count > Self.limit / 2 * length { length *= 2 }
    guard length > 2 else {
      x = values.indices.map { Float($0) }
      y = Array(values)
      return
    }
    var start = values.startIndex
    while start < values.endIndex {
      let end = min((start / length + 1) * length, values.endIndex)
      keep(values[start..<end])
      start = end
    }
  }

  private mutating func keep(_ run: ArraySlice<Float>) {
    var (low, high): (Int, Int) = (run.startIndex, run.startIndex)
    var sick: Int?
    for index in run.indices {
      if !run[index].isFinite {
        sick = sick ?? index
      } else {
        if !(run[low] <= run[index]) { low = index }
        if !(run[high] >= run[index]) { high = index }
      }
    }
    // In their order, each once; an array of three for each run would cost more than all the rest.
    var (first, second, third) = (low, high, sick ?? low)
    if second < first { swap(&first, &second) }
    if third < second { swap(&second, &third) }
    if second < first { swap(&first, &second) }
    add(first, of: run)
    if second != first { add(second, of: run) }
    if third != second { add(third, of: run) }
  }

  private mutating func add(_ index: Int, of run: ArraySlice<Float>) {
    x.append(Float(index))
    y.append(run[index])
  }
}
