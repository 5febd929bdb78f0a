import FileFormats
import Tensors

extension Dataset {
  /// The data as an `.npz` that `np.load` opens: x and y, and x_val, y_val, x_test, y_test where
  /// there are such parts; x_1, y_1 and so on for further inputs and outputs; where examples are
  /// pictures, their shape, so that `x.reshape(-1, *shape)` has rows, columns and channels. Class
  /// numbers are integers.
  package func npz() throws(FileFailure) -> [UInt8] {
    var entries: [NumPyArchive.Entry] = []
    func add(_ name: String, _ arrays: [Tensor], _ type: NumPyArray.ElementType = .float32) {
      for (place, array) in arrays.enumerated() {
        entries.append(
          .init(
            name: place == 0 ? name : "\(name)_\(place)",
            array: NumPyArray(
              shape: array.shape, elementType: place == 0 ? type : .float32,
              scalars: array.scalars.map { Double($0) })))
      }
    }
    for (suffix, part) in [("", training), ("_val", validation), ("_test", test)] {
      guard let part else { continue }
      add("x" + suffix, part.allInputs)
      add("y" + suffix, part.allTargets, task.classes == nil ? .float32 : .int64)
      add("w" + suffix, part.weights)
    }
    if let imageShape {
      let extents = imageShape.extents
      let shape = NumPyArray(
        shape: [extents.count], elementType: .int64, scalars: extents.map { Double($0) })
      entries.append(.init(name: "shape", array: shape))
    }
    return try NumPyArchive(entries: entries).bytes()
  }

  /// The training examples as a table, the target last, classes by name.
  package func csv() -> [UInt8] {
    var columns = features.indices.map { position in
      CSV.Column(
        name: features[position],
        values: .numbers(inputs.column(position).map { Double($0) }))
    }
    for output in 0..<targetCount {
      let name = targetCount == 1 ? targetName : "\(targetName) \(output + 1)"
      columns.append(.init(name: name, values: answers(targets.column(output))))
    }
    return CSV(columns: columns).bytes(precision: .float32)
  }

  /// Classes by name, numbers as they are.
  private func answers(_ column: [Float]) -> CSV.Values {
    guard let classes = task.classes else { return .numbers(column.map { Double($0) }) }
    return .texts(
      column.map { number in
        number.classNumber.flatMap { $0 < classes.count ? classes[$0] : nil } ?? "\(number)"
      })
  }

  /// The training examples as one array of rows, the targets last.
  /// - Throws: `FileFailure` for examples that are no rows of numbers.
  package func npy() throws(FileFailure) -> [UInt8] {
    guard exampleShape.rank == 1 else {
      throw FileFailure(
        at: "data set '\(name)'", found: "examples of shape \(exampleShape)",
        right: "a .npy has rows of numbers: write an .npz")
    }
    let (width, outputs) = (exampleShape.count, targets.count / max(1, count))
    var scalars: [Float] = []
    scalars.reserveCapacity(count * (width + outputs))
    for row in 0..<count {
      scalars += example(row)
      scalars += targets.scalars[row * outputs..<(row + 1) * outputs]
    }
    return NumPyFile.bytes(
      of: NumPyArray(Tensor(shape: [count, width + outputs], scalars: scalars)))
  }
}
