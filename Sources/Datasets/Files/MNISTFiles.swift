import FileFormats
import Foundation
import Tensors

/// Images and labels in MNIST's files, `train-images-idx3-ubyte` beside `train-labels-idx1-ubyte`;
/// those of `t10k-…` become the test part. Each may be packed by gzip.
struct MNISTFiles {
  /// The file of images to learn from.
  let images: URL

  /// Whether a file has a name like MNIST's.
  static func areImages(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("images") && name.contains("idx")
  }

  /// Whether a file's name says that it has arrays of this kind.
  static func isArray(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("-idx") || name.contains(".idx")
  }

  func load() throws(FileFailure) -> Dataset {
    let name = images.lastPathComponent
    guard Self.areImages(name) else {
      throw FileFailure(
        at: images.path, found: "an array without its partner",
        right: "name the file of images, such as train-images-idx3-ubyte; its labels lie beside it")
    }
    let training = try part(images)
    var test: Dataset.Part?
    if name.contains("train"), let images = beside(name.replacing("train", with: "t10k")) {
      test = try part(images)
    }
    let shape = Array(training.inputs.shape.extents.dropFirst())
    let labels = training.targets.scalars + (test?.targets.scalars ?? [])
    let most = labels.max() ?? 0
    guard most < 10_000, labels.allSatisfy({ $0.classNumber != nil }),
      test.map({ $0.inputs.shape.extents.dropFirst() == shape[...] }) ?? true
    else {
      throw FileFailure(
        at: images.path, found: "labels up to \(most), images of shape \(Shape(shape))",
        right: "labels are counted from 0, and all images have one shape")
    }
    var dataset = Dataset(
      name: name, origin: "Your file \(name).", license: "yours",
      features: UserData.featureNames(of: Shape(shape)),
      task: .classification(classes: (0...Int(most)).map(String.init)), training: training,
      test: test)
    dataset.targetName = "label"
    dataset.range = 0...255
    if shape.count == 2 { dataset.imageShape = Shape(shape + [1]) }
    return dataset
  }

  private func part(_ images: URL) throws(FileFailure) -> Dataset.Part {
    let name = images.lastPathComponent
    let partner = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    guard let labels = beside(partner) else {
      throw FileFailure(
        at: images.path, found: "no labels", right: "the file \(partner) lies beside it",
        kind: .missing)
    }
    let inputs = try IDXFile.read(FileBytes.read(images), file: name)
    let targets = try IDXFile.read(FileBytes.read(labels), file: labels.lastPathComponent)
    guard inputs.shape.rank > 1, inputs.count > 0, targets.shape == [inputs.shape[0]] else {
      throw FileFailure(
        at: images.path, found: "images of shape \(inputs.shape), labels of \(targets.shape)",
        right: "there is one label for each image")
    }
    return Dataset.Part(inputs: inputs, targets: targets)
  }

  /// A file of that name in the same folder, packed or not.
  private func beside(_ name: String) -> URL? {
    let bare = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    return [bare, bare + ".gz"].map { images.deletingLastPathComponent().appending(path: $0) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
