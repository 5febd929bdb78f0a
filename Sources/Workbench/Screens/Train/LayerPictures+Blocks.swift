import NeuralNets
import Tensors
import TerminalGraphics
import Training

// Which numbers of each layer the pictures show, and how large: a matrix, maps, kernels or a course
// over time.

extension LayerPictures {
  /// Blocks of all layers; the widest matrices are drawn with several units a column until all fit
  /// side by side, when there is height for one row only.
  func blocks(_ first: Int) -> [LayerBlock] {
    let layers = Array(scene.layers.enumerated().dropFirst(first))
    var result: [LayerBlock] = []
    for cap in [64, 48, 32, 28, 24, 20, 16] {
      // Those that are no wider than that stay as they are.
      result = layers.enumerated().map { place, layer in
        result.isEmpty || result[place].pictureSpan > cap
          ? block(layer.element, index: layer.offset, cap: cap) : result[place]
      }
      let needed = result.reduce(-2) { $0 + $1.width + 2 }
      guard needed <= inside.width || inside.height >= 10 else { continue }
      let large = enlarged(result)
      let wide = large.reduce(-2) { $0 + $1.width + 2 }
      return titled(large, first, wide)
    }
    // They do not all fit: the first as large as it can be.
    return layers.map { block($1, index: $0, cap: inside.width) }
  }

  /// As large as all of them fit, where there is much room.
  private func enlarged(_ blocks: [LayerBlock]) -> [LayerBlock] {
    guard inside.height >= 12 else { return blocks }
    let room = inside.trimmed(bottom: captionLines)
    for times in [4, 3, 2] {
      let large = blocks.map { $0.enlarged(times) }
      let places = LayersPanel.places(large, in: room)
      if places.count == large.count, zip(places, large).allSatisfy({ $0.height == $1.height }),
        large.allSatisfy({ $0.width <= room.width })
      {
        return large
      }
    }
    return blocks
  }

  /// Titles with as much as the room between the blocks allows, those with sick units first.
  private func titled(_ blocks: [LayerBlock], _ first: Int, _ needed: Int) -> [LayerBlock] {
    var (blocks, spare) = (blocks, max(0, inside.width - needed))
    let places =
      blocks.indices.filter { !blocks[$0].sick.isEmpty }
      + blocks.indices.filter { blocks[$0].sick.isEmpty }
    for (place, isLeast) in places.map({ ($0, true) }) + places.map({ ($0, false) }) {
      let layer = scene.layers[first + place]
      let before = blocks[place].width
      blocks[place].title = LayerHead(layer, scene, layer.scale)
        .text(
          width: min(inside.width, before + spare),
          isChosen: view.isFocused && first + place == scene.chosenLayer,
          isLeast: isLeast)
      spare = max(0, spare - max(0, blocks[place].width - before))
    }
    return blocks
  }

  private func block(_ layer: LayerPicture, index: Int, cap: Int) -> LayerBlock {
    let isChosen = view.isFocused && index == scene.chosenLayer
    let chosen = isChosen ? scene.chosenUnit : nil
    let sick = scene.sickUnits(layer)
    let scale = layer.scale
    let head = LayerHead(layer, scene, scale)
    var block: LayerBlock
    switch (layer.tensor.shape.rank, layer.quantity) {
    case (4, .activation): block = probeMaps(layer, scale, chosen: chosen)
    case (4, _): block = .kernels(layer, scale, chosen: chosen, columns: inside.width)
    case (3, .activation): block = .overTime(layer, activation: "", probe: 0)
    case (2, _) where isTemplates(layer): block = templates(layer, scale, chosen: chosen)
    default: block = .matrix(layer, activation: "", cap: cap)
    }
    block.chosen = chosen
    block.sick = sick
    // Beside pictures that take more than half of the room there are no others.
    let isWide = layer.tensor.shape.rank == 4 && 2 * block.pictureSpan > inside.width
    block.title = head.text(
      width: isWide ? inside.width : max(block.pictureSpan, 14), isChosen: isChosen)
    return block
  }

  /// Whether each unit's weights are a picture of the examples, and there is height for it.
  func isTemplates(_ layer: LayerPicture) -> Bool {
    guard layer.quantity.isOfKernel, let image = WorstPanel.imageShape(view),
      image.count == layer.tensor.shape[0]
    else { return false }
    return inside.height - 2 >= (image[0] + 1) / 2
  }

  /// The weights into each unit, as pictures of what it looks for.
  private func templates(_ layer: LayerPicture, _ scale: ColorScale, chosen: Int?) -> LayerBlock {
    let image = WorstPanel.imageShape(view) ?? [1, 1]
    return LayerBlock.row(
      count: scene.unitCount(layer), chosen: chosen ?? state.train.layers.unit,
      rows: image[0], columns: image[1], width: inside.width, caption: "unit"
    ) { unit in
      Heatmap(
        values: scene.numbers(layer, unit: unit), rows: image[0], columns: image[1], scale: scale,
        largestZoom: 1)
    }
  }

  /// For each probe its picture and the maps that a convolution makes of it.
  private func probeMaps(_ layer: LayerPicture, _ scale: ColorScale, chosen: Int?) -> LayerBlock {
    let shape = layer.tensor.shape
    let (probes, height, width, count) = (shape[0], shape[1], shape[2], shape[3])
    let image = WorstPanel.imageShape(view)
    let size = scaled(Size(width, height))
    let pictureSize = image.map { scaled(Size($0[1], $0[0])) }
    let pictureWidth = pictureSize.map { $0.width + 2 } ?? 0
    let step = max(size.width, 6) + 1
    // As many probes as have room for four maps each, then as many maps as have room.
    let least = pictureWidth + min(4, count) * step + 1
    let groups = max(1, min(probes, (inside.width + 2) / least))
    let share = (inside.width + 2) / groups
    let perProbe = max(1, min(count, (share - pictureWidth - 1) / step))
    let group = pictureWidth + perProbe * step + 1
    let first = max(0, min(state.train.layers.unit - perProbe + 1, count - perProbe))
    var pictures: [LayerBlock.Placed] = []
    let numbers = layer.tensor.scalars
    for probe in 0..<groups {
      var x = probe * group
      if let image, let input = state.input(ofProbe: probe) {
        pictures.append(
          LayerBlock.Placed(
            x: x, picture: WorstPanel.picture(input, image), size: pictureSize,
            caption: .secondary(state.lab.pictures?.probeLabels[probe] ?? "")))
        x += pictureWidth
      }
      for map in first..<first + perProbe {
        let values = (0..<height * width).map {
          numbers[(probe * height * width + $0) * count + map]
        }
        pictures.append(
          LayerBlock.Placed(
            x: x,
            picture: Heatmap(
              values: values, rows: height, columns: width, scale: scale, largestZoom: 1),
            size: size, caption: .secondary("map \(map)"), unit: map))
        x += step
      }
    }
    return LayerBlock(pictures: pictures)
  }

  /// The pixels of a picture as it is drawn: all of them, or as many as leave it whole, in its shape,
  /// and a place for another beside it.
  private func scaled(_ size: Size) -> Size {
    let lines = inside.height < 7 && view.others.isEmpty ? 0 : captionLines
    let room = Size((inside.width - 3) / 2, 2 * max(1, inside.height - 2 - lines))
    let part = min(
      1, Double(room.width) / Double(max(1, size.width)),
      Double(room.height) / Double(max(1, size.height)))
    return Size(
      max(1, Int(Double(size.width) * part)), max(1, Int(Double(size.height) * part)))
  }
}

extension AppState {
  /// An unseen (else a training) example of the run, as the network gets it.
  func input(ofRow row: Int) -> [Float]? {
    guard let data = lab.settings?.data else { return nil }
    let inputs = (data.validation ?? data.training).inputs
    let width = inputs.count / max(inputs.shape[0], 1)
    guard row >= 0, (row + 1) * width <= inputs.count else { return nil }
    return Array(inputs.scalars[row * width..<(row + 1) * width])
  }

  func input(ofProbe probe: Int) -> [Float]? {
    guard let rows = lab.pictures?.probeRows, rows.indices.contains(probe) else { return nil }
    return input(ofRow: rows[probe])
  }
}
