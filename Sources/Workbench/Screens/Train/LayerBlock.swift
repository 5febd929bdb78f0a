import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One picture of a layer, or several side by side, with a title that states its scale.
struct LayerBlock {
  /// A picture in its place.
  struct Placed {
    let x: Int
    let picture: Heatmap
    /// The pixels that it is drawn with where it is shown smaller than it is.
    var size: Size?
    var caption = StyledText()
    /// The unit it shows alone; nil where each column is a unit, or for an example.
    var unit: Int?

    var rows: Int { size?.height ?? picture.rows }
    var columns: Int { size?.width ?? picture.columns }
  }

  var title = StyledText()
  let pictures: [Placed]
  /// The largest height in rows of cells.
  var height: Int
  /// The columns of its picture where it is shown smaller than it is.
  var pictureWidth: Int?
  /// How many units one column of the picture stands for, at most.
  var share = 1
  /// How many times as large as it is a picture is drawn, where there is much room.
  private var zoom = 1
  /// The chosen unit, and those that are dead or saturated.
  var chosen: Int?
  var sick: [Int: UnitHealth.State] = [:]

  init(pictures: [Placed], pictureWidth: Int? = nil, share: Int = 1) {
    self.pictures = pictures
    self.pictureWidth = pictureWidth
    self.share = share
    let hasCaptions = pictures.contains { !$0.caption.isEmpty }
    let rows = pictures.map { ($0.rows + 1) / 2 }.max() ?? 0
    height = 1 + rows + (hasCaptions ? 1 : 0)
  }

  /// The same with its picture so many times as large.
  func enlarged(_ times: Int) -> LayerBlock {
    guard pictures.count == 1, pictures[0].unit == nil, share == 1 else { return self }
    var block = self
    block.zoom = times
    block.pictureWidth = times * pictures[0].picture.columns
    block.height = 1 + (times * pictures[0].picture.rows + 1) / 2
    return block
  }

  /// The columns that the pictures take.
  var pictureSpan: Int {
    pictureWidth ?? pictures.map { $0.x + $0.columns }.max() ?? 0
  }

  /// The columns it takes.
  var width: Int { max(title.width, pictureSpan) }

  func draw(in area: Rect, on grid: inout CellGrid) {
    grid.write(title, at: area.origin, width: area.width)
    for placed in pictures {
      let picture = placed.picture
      let rows = (placed.rows * zoom + 1) / 2
      let x = area.x + placed.x
      let place = Rect(
        x, area.y + 1, min(pictureWidth ?? placed.columns, area.right - x),
        min(rows, area.height - 1))
      guard place.width >= min(4, placed.columns) else { break }
      if zoom > 1 {
        picture.drawFilling(place, on: &grid)
      } else {
        picture.draw(in: place, on: &grid)
      }
      if !placed.caption.isEmpty, rows + 1 < area.height {
        grid.write(
          placed.unit == chosen && chosen != nil
            ? placed.caption.inked(.accent).adding(.bold) : placed.caption,
          at: Point(x, place.bottom), width: max(placed.columns + 2, placed.unit == nil ? 0 : 6))
      }
      if let unit = placed.unit { drawSign(unit, at: Point(place.right - 1, place.y), on: &grid) }
    }
    if pictures.count == 1, pictures[0].unit == nil { markColumns(in: area, on: &grid) }
  }

  /// The unit whose picture, or whose column, lies at a point of the block drawn in `area`.
  func unit(at point: Point, in area: Rect) -> Int? {
    for placed in pictures {
      let rows = (placed.rows * zoom + 1) / 2
      let x = area.x + placed.x
      let wide = min(pictureWidth ?? placed.columns, area.right - x)
      guard wide > 0, Rect(x, area.y + 1, wide, rows + 1).contains(point) else { continue }
      if let unit = placed.unit { return unit }
      guard pictures.count == 1 else { continue }
      guard zoom == 1 else { return (point.x - x) / zoom }
      // The first of the units that this column stands for.
      return ((point.x - x) * placed.picture.columns + wide - 1) / wide
    }
    return nil
  }

  private func drawSign(_ unit: Int, at point: Point, on grid: inout CellGrid) {
    guard let sickness = sick[unit] else { return }
    let sign = LayerScene.sign(sickness)
    grid.put(sign.scalar, at: point, ink: sign.ink, background: .plain, attributes: .bold)
  }

  /// In a matrix each column is a unit: signs stand over the first row, the chosen one in its column.
  private func markColumns(in area: Rect, on grid: inout CellGrid) {
    let picture = pictures[0].picture
    let wide = min(pictureWidth ?? picture.columns, area.width)
    func column(_ unit: Int) -> Int { unit * wide / max(1, picture.columns) }
    for unit in sick.keys.sorted() {
      drawSign(unit, at: Point(area.x + column(unit), area.y + 1), on: &grid)
    }
    guard let chosen, area.height > 1 else { return }
    let x = area.x + column(chosen)
    grid.put("▼", at: Point(x, area.y + 1), ink: .accent, background: .plain, attributes: .bold)
    let bottom = min(area.bottom - 1, area.y + (picture.rows * zoom + 1) / 2)
    if bottom > area.y + 1 {
      grid.put("▲", at: Point(x, bottom), ink: .accent, background: .plain, attributes: .bold)
    }
  }
}

extension LayerBlock {
  /// `dense 16 tanh ±0.98`
  private static func title(
    _ name: String, _ what: String, _ activation: String, _ scale: ColorScale
  ) -> StyledText {
    let number = NumberFormat.compact(scale.high, digits: 3)
    // A place of its own, so that what stands beside it does not move.
    let high = number + String(repeating: " ", count: max(0, 5 - number.count))
    let range =
      scale.high <= NumberFacts.leastScale
      ? "all 0 " : scale.ramp == .diverging ? "±\(high)" : "0…\(high)"
    return .text(name)
      + .secondary(" \(what)\(activation.isEmpty ? "" : " " + activation) \(range)")
  }

  /// A matrix: what each unit gives on each probe, or the weights [inputs, units].
  /// Where there are more than `cap` columns, one of the picture is the strongest of several.
  static func matrix(
    _ layer: LayerPicture, activation: String, cap: Int
  ) -> LayerBlock {
    let columns = max(1, layer.tensor.shape.last)
    let rows = layer.tensor.count / columns
    let share = max(1, (columns + cap - 1) / max(1, cap))
    let scale = layer.scale
    let what = layer.quantity.isOfKernel ? "[\(rows), \(columns)]" : "\(columns)"
    var block = LayerBlock(
      pictures: [
        Placed(
          x: 0,
          picture: Heatmap(
            values: layer.tensor.scalars, rows: rows, columns: columns, scale: scale,
            sampling: .strongest, largestZoom: 1))
      ], pictureWidth: (columns + share - 1) / share, share: share)
    block.title = title(layer.name, what, activation, scale)
    return block
  }

  /// A row of equal pictures, one a unit, as many as fit around the chosen one.
  static func row(
    count: Int, chosen: Int, rows: Int, columns: Int, width: Int, caption: String,
    _ picture: (Int) -> Heatmap
  ) -> LayerBlock {
    let step = max(columns, caption.isEmpty ? 2 : 7) + 1
    let fitting = max(1, (width + 1) / step)
    let first = max(0, min(chosen - fitting + 1, count - fitting))
    return LayerBlock(
      pictures: (first..<min(count, first + fitting)).enumerated().map { place, unit in
        Placed(
          x: place * step, picture: picture(unit),
          caption: caption.isEmpty ? StyledText() : .secondary("\(caption) \(unit)"), unit: unit)
      })
  }

  /// The kernels of a convolution, [height, width, channels, maps]: the mean over the channels.
  static func kernels(
    _ layer: LayerPicture, _ scale: ColorScale, chosen: Int?, columns: Int
  ) -> LayerBlock {
    let extents = layer.tensor.shape.extents
    let (height, width, channels, count) = (extents[0], extents[1], extents[2], extents[3])
    let numbers = layer.tensor.scalars
    return row(
      count: count, chosen: chosen ?? 0, rows: height, columns: width, width: columns,
      caption: "map"
    ) { map in
      let values = (0..<height * width).map { place in
        (0..<channels).reduce(Float(0)) { sum, channel in
          sum + numbers[(place * channels + channel) * count + map]
        } / Float(max(channels, 1))
      }
      return Heatmap(
        values: values, rows: height, columns: width, scale: scale, largestZoom: 1)
    }
  }

  /// The maps of a convolution for one probe, [probes, height, width, maps].
  static func maps(
    _ layer: LayerPicture, activation: String, probe: Int, first: Int, columns: Int
  ) -> LayerBlock {
    let extents = layer.tensor.shape.extents
    let (height, width, count) = (extents[1], extents[2], extents[3])
    let scale = layer.scale
    let numbers = layer.tensor.scalars
    var block = row(
      count: count, chosen: first, rows: height, columns: max(width, 5), width: columns,
      caption: "map"
    ) { map in
      let values = (0..<height * width).map {
        numbers[(probe * height * width + $0) * count + map]
      }
      return Heatmap(
        values: values, rows: height, columns: width, scale: scale, largestZoom: 1)
    }
    block.title = title(layer.name, "\(count) maps \(height)×\(width)", activation, scale)
    return block
  }

  /// Units down, time across, for one probe: [probes, time, units].
  static func overTime(_ layer: LayerPicture, activation: String, probe: Int) -> LayerBlock {
    let (time, units) = (layer.tensor.shape[1], layer.tensor.shape[2])
    let scale = layer.scale
    let values = (0..<units).flatMap { unit in
      (0..<time).map { layer.tensor.scalars[(probe * time + $0) * units + unit] }
    }
    var block = LayerBlock(pictures: [
      Placed(
        x: 0,
        picture: Heatmap(values: values, rows: units, columns: time, scale: scale, largestZoom: 1),
        // Units lie in rows here: no column is one.
        unit: -1)
    ])
    block.title = title(layer.name, "\(units) units, \(time) time steps", activation, scale)
    return block
  }
}

extension LayerPicture {
  /// The colors of its numbers.
  var scale: ColorScale { facts.scale(isSigned: canBeNegative ?? false) }
}

extension NumberFacts {
  /// Of numbers that are all 0: a scale has to go somewhere.
  fileprivate static let leastScale: Float = 1e-12

  /// Signed values about 0, others from 0 on.
  var scale: ColorScale { scale(isSigned: false) }

  /// - Parameter isSigned: whether they are signed, also where none of them is below 0.
  func scale(isSigned: Bool) -> ColorScale {
    let limit = max(abs(least), abs(most))
    return isSigned || least < 0
      ? .diverging(limit: limit) : .sequential(0, max(limit, Self.leastScale))
  }
}
