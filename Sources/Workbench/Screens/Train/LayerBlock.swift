import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One picture of a layer: a matrix with a title that states its scale.
struct LayerBlock {
  let title: StyledText
  /// The pictures side by side: maps of one layer, or one matrix.
  let pictures: [Heatmap]
  /// A few words under each picture; may be empty.
  let captions: [String]
  /// The largest height in rows of cells.
  let height: Int

  /// The columns of its picture where it is shown smaller than it is.
  var pictureWidth: Int?
  /// How many units one column of the picture stands for, at most.
  var share = 1

  /// The columns it takes.
  var width: Int {
    if let pictureWidth { return max(title.width, pictureWidth) }
    let wide = pictures.reduce(0) { $0 + $1.columns + 1 } - 1
    return max(title.width, wide)
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    grid.write(title, at: area.origin, width: area.width)
    var x = area.x
    for (index, picture) in pictures.enumerated() {
      let rows = (picture.rows + 1) / 2
      let place = Rect(
        x, area.y + 1, min(pictureWidth ?? picture.columns, area.right - x),
        min(rows, area.height - 1))
      guard place.width >= min(4, picture.columns) else { break }
      picture.draw(in: place, on: &grid)
      if index < captions.count, !captions[index].isEmpty, rows + 1 < area.height {
        grid.write(.faint(captions[index]), at: Point(x, place.bottom), width: picture.columns + 1)
      }
      x += picture.columns + 1
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
    let range = scale.ramp == .diverging ? "±\(high)" : "0…\(high)"
    return .text(name)
      + .secondary(" \(what)\(activation.isEmpty ? "" : " " + activation) \(range)")
  }

  /// Signed values about 0, others from 0 on.
  static func scale(of numbers: [Float]) -> ColorScale {
    let hasNegative = numbers.contains { $0 < 0 }
    let limit = numbers.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    return hasNegative ? .diverging(limit: limit) : .sequential(0, max(limit, 1e-6))
  }

  /// Each unit over the plane, from unit `first` on.
  static func plane(
    _ layer: LayerPicture, activation: String, first: Int, columns: Int
  ) -> LayerBlock? {
    guard layer.tensor.shape.rank == 3 else { return nil }
    let (units, height, width) = (
      layer.tensor.shape[0], layer.tensor.shape[1], layer.tensor.shape[2]
    )
    let count = max(1, (columns + 1) / (width + 1))
    let start = max(0, min(first, units - count))
    let scale = scale(of: layer.tensor.scalars)
    let shown = start..<min(units, start + count)
    let pictures = shown.map { unit in
      Heatmap(
        values: Array(
          layer.tensor.scalars[unit * height * width..<(unit + 1) * height * width]),
        rows: height, columns: width, scale: scale, largestZoom: 1)
    }
    let some =
      shown.count < units ? "units \(start)–\(shown.upperBound - 1) of \(units)" : "\(units)"
    return LayerBlock(
      title: title(layer.name, some, activation, scale), pictures: pictures, captions: [],
      height: 1 + (height + 1) / 2)
  }

  /// A matrix: what each unit gives on each probe, or the weights [inputs, units].
  /// Where there are more than `cap` columns, one of the picture is the strongest of several.
  static func matrix(
    _ layer: LayerPicture, activation: String, cap: Int
  ) -> LayerBlock {
    let columns = max(1, layer.tensor.shape.last)
    let rows = layer.tensor.count / columns
    let share = max(1, (columns + cap - 1) / max(1, cap))
    let scale = scale(of: layer.tensor.scalars)
    let what = layer.quantity == .weights ? "[\(rows), \(columns)]" : "\(columns)"
    return LayerBlock(
      title: title(layer.name, what, activation, scale),
      pictures: [
        Heatmap(
          values: layer.tensor.scalars, rows: rows, columns: columns, scale: scale,
          sampling: .strongest, largestZoom: 1)
      ], captions: [], height: 1 + (rows + 1) / 2,
      pictureWidth: (columns + share - 1) / share, share: share)
  }

  /// The maps of a convolution for one probe, [probes, height, width, maps], or its kernels.
  static func maps(
    _ layer: LayerPicture, activation: String, probe: Int, first: Int, columns: Int
  ) -> LayerBlock {
    let extents = layer.tensor.shape.extents
    let isKernel = layer.quantity == .weights
    let (height, width, count) =
      isKernel
      ? (extents[0], extents[1], extents[3]) : (extents[1], extents[2], extents[3])
    let scale = scale(of: layer.tensor.scalars)
    let fitting = max(1, (columns + 1) / (max(width, 6) + 1))
    let start = max(0, min(first, count - fitting))
    let numbers = layer.tensor.scalars
    let pictures = (start..<min(count, start + fitting)).map { map in
      let values = (0..<height * width).map { place in
        isKernel
          ? numbers[place * extents[2] * count + map]
          : numbers[(probe * height * width + place) * count + map]
      }
      return Heatmap(
        values: values, rows: height, columns: width, scale: scale, largestZoom: 1)
    }
    let what =
      isKernel ? "kernels \(height)×\(width), channel 0" : "\(count) maps \(height)×\(width)"
    return LayerBlock(
      title: title(layer.name, what, activation, scale), pictures: pictures,
      captions: (start..<min(count, start + fitting)).map { "map \($0)" },
      height: 2 + (height + 1) / 2)
  }

  /// Units down, time across, for one probe: [probes, time, units].
  static func overTime(_ layer: LayerPicture, activation: String, probe: Int) -> LayerBlock {
    let (time, units) = (layer.tensor.shape[1], layer.tensor.shape[2])
    let scale = scale(of: layer.tensor.scalars)
    let values = (0..<units).flatMap { unit in
      (0..<time).map { layer.tensor.scalars[(probe * time + $0) * units + unit] }
    }
    return LayerBlock(
      title: title(layer.name, "\(units) units, \(time) time steps", activation, scale),
      pictures: [
        Heatmap(values: values, rows: units, columns: time, scale: scale, largestZoom: 1)
      ], captions: [], height: 1 + (units + 1) / 2)
  }
}
