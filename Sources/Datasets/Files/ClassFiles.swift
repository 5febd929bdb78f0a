import FileFormats
import Foundation

/// The kinds of files that a folder of a class may have.
enum ClassFiles: Hashable {
  case tables, arrays, pictures, sounds, sequences

  init?(type: String) {
    switch type {
    case "csv": self = .tables
    case "npy": self = .arrays
    case "wav": self = .sounds
    case _ where Raster.fileTypes.contains(type): self = .pictures
    case _ where FASTAFile.fileTypes.contains(type): self = .sequences
    default: return nil
    }
  }

  static let words = ".csv, .npy, .png, .pgm, .wav or .fa"

  /// The numbers of an example, whose shape is that of all others.
  struct Example {
    let shape: [Int]
    let scalars: [Float]
  }

  static func picture(_ file: URL, _ place: String) throws(FileFailure) -> Example {
    let raster = try Raster(parsing: FileBytes.read(file), file: place)
    return Example(
      shape: [raster.height, raster.width, raster.channels],
      scalars: raster.pixels.map { Float($0) })
  }

  /// [frames, 1], cut or filled with silence to `length` frames.
  static func sound(
    _ file: URL, _ place: String, length: Int
  ) throws(FileFailure) -> Example {
    let samples = try WAVFile(parsing: FileBytes.read(file), file: place).mono.prefix(length)
    return Example(
      shape: [length, 1],
      scalars: samples + [Float](repeating: 0, count: length - samples.count))
  }
}
