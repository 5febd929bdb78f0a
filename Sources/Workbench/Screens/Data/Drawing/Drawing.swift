import Datasets
import Tensors
import TerminalGraphics
import Training

/// What is drawn: a picture like those of a set, or points on a plane.
enum Drawing: Hashable, Sendable {
  case picture(PictureDrawing)
  case points(PointsDrawing)

  /// Whether it is a sheet without ink: what a network says of one is about nothing that was drawn.
  var isEmptySheet: Bool {
    guard case .picture(let picture) = self else { return false }
    return picture.ink.allSatisfy { $0 == 0 }
  }

  var isOfPoints: Bool { if case .points = self { true } else { false } }
  var isPicture: Bool { !isOfPoints }

  /// Whether the network is asked the same, wherever the cursor of a picture stands.
  func isSame(as other: Drawing?) -> Bool {
    guard case .picture(let own) = self, case .picture(let picture)? = other else {
      return self == other
    }
    return own.ink == picture.ink
  }
}

/// A picture of one channel, drawn pixel by pixel.
struct PictureDrawing: Hashable, Sendable {
  let rows: Int
  let columns: Int
  /// The numbers that no ink and full ink stand for.
  let range: ClosedRange<Float>
  /// 0 for paper, 1 for full ink; [rows, columns].
  var ink: [Float]
  var row: Int
  var column: Int
  /// Whether a stroke also touches the pixels beside it, as a pen does.
  var isSoft = true
  /// Whether the cursor draws as it moves.
  var isDown = false
  /// The example that was taken from the data last.
  var example: Int?

  init(rows: Int, columns: Int, range: ClosedRange<Float>) {
    self.rows = rows
    self.columns = columns
    self.range = range
    ink = [Float](repeating: 0, count: rows * columns)
    (row, column) = (rows / 2, columns / 2)
  }

  /// The picture in the units of the data.
  var input: [Float] {
    ink.map { range.lowerBound + $0 * (range.upperBound - range.lowerBound) }
  }

  /// How much ink the pixels beside a stroke get.
  private static let besides: Float = 0.35

  /// Puts ink on a pixel.
  mutating func paint(_ row: Int, _ column: Int) {
    put(1, row, column)
    guard isSoft else { return }
    for (down, right) in [(0, 1), (1, 0), (0, -1), (-1, 0)] {
      put(Self.besides, row + down, column + right)
    }
  }

  private mutating func put(_ amount: Float, _ row: Int, _ column: Int) {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return }
    ink[row * columns + column] = max(ink[row * columns + column], amount)
  }

  mutating func erase(_ row: Int, _ column: Int) {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return }
    ink[row * columns + column] = 0
  }

  mutating func clear() {
    ink = [Float](repeating: 0, count: rows * columns)
    example = nil
  }

  /// Moves the whole picture; what leaves it is lost.
  mutating func shift(down: Int, right: Int) {
    var moved = [Float](repeating: 0, count: ink.count)
    for row in 0..<rows {
      for column in 0..<columns {
        let (from, side) = (row - down, column - right)
        guard (0..<rows).contains(from), (0..<columns).contains(side) else { continue }
        moved[row * columns + column] = ink[from * columns + side]
      }
    }
    ink = moved
  }

  /// Takes an example of the data as the picture.
  mutating func take(_ numbers: some Sequence<Float>, example: Int?) {
    let width = range.upperBound - range.lowerBound
    let taken = numbers.map { min(1, max(0, ($0 - range.lowerBound) / width)) }
    guard taken.count == ink.count else { return }
    ink = taken.map { $0.isFinite ? $0 : 0 }
    self.example = example
  }
}

/// Points that are put on a plane and taken away again.
struct PointsDrawing: Hashable, Sendable {
  /// The points; nil for data whose targets are numbers: then only the cursor asks.
  var points: DrawnPoints?
  let xAxis: Axis
  let yAxis: Axis
  /// The names of the two inputs.
  let names: [String]
  /// The cursor, as shares of the axes from the lower left.
  var across = 0.5
  var up = 0.5
  /// The class of the next point.
  var group = 0

  var x: Float { Float(xAxis.value(at: across)) }
  var y: Float { Float(yAxis.value(at: up)) }

  /// The class names; none for numbers.
  var classes: [String] { points?.classes ?? [] }

  mutating func add() {
    let place = (x, y)
    points?.add(x: place.0, y: place.1, group: group)
  }

  /// Removes the point nearest to the cursor as it is seen, if there is one near it.
  /// - Returns: whether there was one.
  mutating func removeNearest() -> Bool {
    // Both axes count alike, whatever their units.
    guard var points else { return false }
    func square(_ point: DrawnPoints.Point) -> Double {
      let dx = (xAxis.place(of: Double(point.x)) ?? 9) - across
      let dy = (yAxis.place(of: Double(point.y)) ?? 9) - up
      return dx * dx + dy * dy
    }
    guard let nearest = points.points.min(by: { square($0) < square($1) }), square(nearest) < 0.01
    else { return false }
    points.removeNearest(x: nearest.x, y: nearest.y)
    self.points = points
    return true
  }

  mutating func clear() { points?.removeAll() }

  /// Has so many classes more or fewer, from two to six; one with points stays.
  /// - Returns: whether that was possible.
  mutating func changeClasses(by count: Int) -> Bool {
    guard let points else { return false }
    var names = points.classes
    if count > 0 {
      let next = names.count
      names.append(
        next < 26 ? String(UnicodeScalar(UInt8(ascii: "A") + UInt8(next))) : "\(next)")
    } else {
      names.removeLast()
    }
    let used = (points.points.map(\.group).max() ?? -1) + 1
    guard (2...6).contains(names.count), names.count >= used, Set(names).count == names.count
    else { return false }
    var other = DrawnPoints(classes: names)
    for point in points.points { other.add(x: point.x, y: point.y, group: point.group) }
    self.points = other
    group = min(group, names.count - 1)
    return true
  }
}

extension AppState {
  /// What is put to the network: what is drawn, with the further inputs of the run's data.
  var question: Question? {
    switch data.drawing {
    case .picture(let picture): Question(picture.input, explains: true)
    case .points(let points): Question(extended([points.x, points.y]), explains: true)
    case nil: nil
    }
  }

  /// Two inputs with those that the run's data has beside them.
  private func extended(_ inputs: [Float]) -> [Float] {
    guard let name = lab.settings?.data.name,
      let features = try? DataSpecification(parsing: name).options.features
    else { return inputs }
    let further = features.filter { $0.inputs.allSatisfy { $0 < inputs.count } }
    return inputs + further.map { $0.value { inputs[$0] } }
  }

  /// Begins to draw an example like those of the data set shown, or of the one in use when one comes
  /// from another screen.
  mutating func draw(from screen: ScreenName?) -> [Effect] {
    if screen != nil {
      let effects = go(to: .data)
      let name = data.listedName(of: workpiece.dataset.name)
      if data.name != name { showData(named: name) }
      data.drawsFor = screen
      guard let drawing = newDrawing() else {
        data.drawsFor = nil
        return effects + refuseDrawing()
      }
      return effects + begin(drawing)
    }
    data.drawsFor = nil
    return newDrawing().map { begin($0) } ?? refuseDrawing()
  }

  /// Draws a picture, or points: for the data in use where it is of that kind, else for a set that is.
  mutating func draw(aPicture isPicture: Bool) -> [Effect] {
    let effects = go(to: .data)
    showData(named: data.listedName(of: workpiece.dataset.name))
    var drawing = newDrawing()
    if drawing?.isPicture != isPicture {
      showData(named: isPicture ? "digits" : "moons")
      drawing = newDrawing()
    }
    data.list.select(
      listedData.firstIndex { $0.name == data.name } ?? 0, count: listedData.count)
    data.drawsFor = nil
    return effects + (drawing.map { begin($0) } ?? refuseDrawing())
  }

  private mutating func refuseDrawing() -> [Effect] {
    say(
      "\(data.name) cannot be drawn: right would be pictures of one channel, or two inputs",
      .warning)
    return []
  }

  private mutating func begin(_ drawing: Drawing) -> [Effect] {
    (data.drawing, data.judged) = (drawing, nil)
    focus[.data] = DataPart.canvas.rawValue
    isZoomed = false
    // Without a run there is nobody to ask; a new one has learned nothing yet.
    let opening = lab.settings == nil && (try? workpiece.settings()) != nil ? openRun() : []
    return opening + [.lab(.look(interest))]
  }

  /// Ends drawing, back to where one came from.
  mutating func endDrawing() -> [Effect] {
    let screen = data.drawsFor
    (data.drawing, data.judged) = (nil, nil)
    data.strokes = Strokes()
    data.drawsFor = nil
    focus[.data] = nil
    if let screen { return go(to: screen) }
    return [.lab(.look(interest))]
  }

  private func newDrawing() -> Drawing? {
    guard let dataset = data.preview?.dataset else { return nil }
    if let shape = dataset.imageShape {
      guard shape.rank >= 2, shape.count == shape[0] * shape[1], shape[0] <= 64, shape[1] <= 64
      else { return nil }
      let high = max(1, dataset.inputs.scalars.lazy.filter(\.isFinite).max() ?? 1)
      return .picture(
        PictureDrawing(rows: shape[0], columns: shape[1], range: dataset.range ?? 0...high))
    }
    let further = data.specification.options.features.count
    guard dataset.features.count - further == 2, dataset.exampleShape.rank == 1 else { return nil }
    return .points(newPoints(dataset, width: dataset.features.count))
  }

  private func newPoints(_ dataset: Dataset, width: Int) -> PointsDrawing {
    let inputs = dataset.inputs.scalars
    func column(_ place: Int) -> [Float] {
      stride(from: place, to: inputs.count, by: width).map { inputs[$0] }
    }
    func axis(_ numbers: [Float]) -> Axis {
      let tight = Axis(fitting: numbers)
      let margin = (tight.high - tight.low) * 0.1
      return Axis(low: tight.low - margin, high: tight.high + margin)
    }
    var points: DrawnPoints?
    if let classes = dataset.task.classes, classes.count > 1, let numbers = dataset.classNumbers {
      var drawn = DrawnPoints(classes: classes)
      for (row, group) in numbers.enumerated() {
        drawn.add(x: inputs[row * width], y: inputs[row * width + 1], group: group)
      }
      points = drawn
    }
    return PointsDrawing(
      points: points, xAxis: axis(column(0)), yAxis: axis(column(1)),
      names: Array(dataset.features.prefix(2)))
  }
}
