import CPng

/// A picture as bytes: rows from the top, pixels from the left, channels side by side.
package struct Raster: Hashable, Sendable {
  package typealias Failure = FileFailure

  package let width: Int
  package let height: Int
  /// 1 for gray, 3 for red, green, blue.
  package let channels: Int
  /// 0 is dark, 255 full; [height, width, channels].
  package let pixels: [UInt8]

  package static let fileTypes = ["pgm", "png", "pnm", "ppm"]
  static let mostPixels = 1 << 26

  /// Reads a `.png`, `.pgm` or `.ppm`. Transparency is laid over black.
  /// - Throws: `Failure` for another or damaged file, or one of more than 64 million pixels.
  package init(parsing bytes: [UInt8], file: String) throws(FileFailure) {
    switch bytes.first {
    case 0x89: self = try Self.png(bytes, file: file)
    case UInt8(ascii: "P"): self = try PortableAnymap(bytes, file: file).read()
    default:
      throw Failure(
        at: file, found: "a file that is no picture known here", right: "save it as PNG or PGM")
    }
  }

  init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    (self.width, self.height, self.channels) = (width, height, channels)
    self.pixels = pixels
  }

  static func check(_ width: Int, _ height: Int, file: String) throws(FileFailure) {
    guard width > 0, height > 0, width <= mostPixels, height <= mostPixels,
      width * height <= mostPixels
    else {
      throw Failure(
        at: file, found: "a picture of \(width) × \(height) pixels",
        right: "take one of up to 64 million pixels")
    }
  }

  private static func png(_ bytes: [UInt8], file: String) throws(FileFailure) -> Raster {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    let result: Result<Raster, FileFailure> = bytes.withUnsafeBytes { buffer in
      do throws(FileFailure) {
        guard png_image_begin_read_from_memory(&image, buffer.baseAddress, buffer.count) != 0
        else { throw damaged(&image, file) }
        let (width, height) = (Int(image.width), Int(image.height))
        try check(width, height, file: file)
        let isColored = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
        image.format = isColored ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
        let channels = isColored ? 3 : 1
        var pixels = [UInt8](repeating: 0, count: width * height * channels)
        var black = png_color()
        guard png_image_finish_read(&image, &black, &pixels, 0, nil) != 0 else {
          throw damaged(&image, file)
        }
        return .success(
          Raster(width: width, height: height, channels: channels, pixels: pixels))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func damaged(_ image: inout png_image, _ file: String) -> FileFailure {
    let words = withUnsafeBytes(of: image.message) { buffer in
      String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Failure(
      at: file, found: "a picture that cannot be read (\(words))", right: "save it again as PNG")
  }
}
