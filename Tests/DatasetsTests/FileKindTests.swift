import FileFormats
import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Files of one's own beyond tables")
struct FileKindTests {
  private func withFolder(
    _ files: [String: [UInt8]], _ body: (URL) throws -> Void
  ) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, bytes) in files {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileBytes.write(bytes, to: file)
    }
    try body(root)
  }

  private func idx(_ extents: [UInt8], _ numbers: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(extents.count)] + extents.flatMap { [0, 0, 0, $0] } + numbers
  }

  @Test("MNIST's images find their labels and the test part beside them")
  func mnist() throws {
    let files = [
      "train-images-idx3-ubyte": idx([3, 2, 2], Array(0..<12)),
      "train-labels-idx1-ubyte": idx([3], [2, 0, 1]),
      "t10k-images-idx3-ubyte": idx([1, 2, 2], [9, 9, 9, 9]),
      "t10k-labels-idx1-ubyte": idx([1], [1]),
    ]
    try withFolder(files) { folder in
      for file in [folder, folder.appending(path: "train-images-idx3-ubyte")] {
        let dataset = try UserData.load(file, target: nil)
        #expect(dataset.inputs == Tensor(shape: [3, 2, 2], scalars: (0..<12).map { Float($0) }))
        #expect(dataset.classNumbers == [2, 0, 1] && dataset.task.classes == ["0", "1", "2"])
        #expect(dataset.test?.targets.scalars == [1] && dataset.imageShape == [2, 2, 1])
      }
      let failure = #expect(throws: FileFailure.self) {
        try UserData.load(folder.appending(path: "train-labels-idx1-ubyte"), target: nil)
      }
      #expect(failure?.right.contains("images") == true)
    }
    try withFolder(["train-images-idx3-ubyte": idx([1, 2, 2], [1, 2, 3, 4])]) { folder in
      let failure = #expect(throws: FileFailure.self) { try UserData.load(folder, target: nil) }
      #expect(failure?.kind == .missing)
    }
  }

  @Test("pictures in folders are examples of the folder's class")
  func pictures() throws {
    let files = [
      "cat/1.pgm": Array("P2 2 1 255 0 255".utf8), "cat/2.pgm": Array("P2 2 1 255 9 8".utf8),
      "dog/1.pgm": Array("P2 2 1 255 7 6".utf8),
    ]
    try withFolder(files) { folder in
      let dataset = try UserData.load(folder, target: nil)
      #expect(dataset.inputs == Tensor(shape: [3, 1, 2, 1], scalars: [0, 255, 9, 8, 7, 6]))
      #expect(dataset.classNumbers == [0, 0, 1] && dataset.task.classes == ["cat", "dog"])
      #expect(dataset.imageShape == [1, 2, 1] && dataset.range == 0...255)
    }
    try withFolder(files.merging(["dog/2.pgm": Array("P2 1 1 255 7".utf8)]) { $1 }) { folder in
      let failure = #expect(throws: FileFailure.self) { try UserData.load(folder, target: nil) }
      #expect(failure?.place == "dog/2.pgm")
    }
  }

  /// A sound of 16 bits.
  private func wav(_ samples: [Int16]) -> [UInt8] {
    let data = samples.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    let format: [UInt8] = [16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 128, 62, 0, 0, 2, 0, 16, 0]
    return Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVEfmt ".utf8) + format
      + Array("data".utf8) + [UInt8(data.count), 0, 0, 0] + data
  }

  @Test("sounds are cut or filled to one length; one alone is a series")
  func sounds() throws {
    let files = ["a/1.wav": wav([16_384, -16_384]), "b/1.wav": wav([0, 8192, 16_384])]
    try withFolder(files) { folder in
      let dataset = try UserData.load(folder, target: nil)
      #expect(
        dataset.inputs == Tensor(shape: [2, 3, 1], scalars: [0.5, -0.5, 0, 0, 0.25, 0.5]))
      var options = TableOptions()
      options.window = 1
      #expect(try UserData.load(folder, options: options).inputs.scalars == [0.5, 0])
      let series = try UserData.load(folder.appending(path: "b/1.wav"), options: options)
      #expect(series.inputs == Tensor(shape: [2, 1, 1], scalars: [0, 0.25]))
      #expect(series.targets.scalars == [0.25, 0.5])
    }
  }

  @Test("sequences take their class from the heading's last word, or from the folder")
  func sequences() throws {
    let text = Array(">s1 x\nGAT\n>s2 y\nAT\n".utf8)
    try withFolder(["all.fa": text, "k/x/1.fa": Array(">1\nGA\n".utf8), "k/y/1.fa": text]) {
      folder in
      let dataset = try UserData.load(folder.appending(path: "all.fa"), target: nil)
      #expect(dataset.vocabulary == ["·", "A", "G", "T"])
      #expect(dataset.inputs == Tensor(shape: [2, 3], scalars: [2, 1, 3, 1, 3, 0]))
      #expect(dataset.task.classes == ["x", "y"])
      let folders = try UserData.load(folder.appending(path: "k"), target: nil)
      #expect(folders.inputs.shape == [3, 3] && folders.classNumbers == [0, 1, 1])
    }
  }

  @Test("a text with a window is one character after the other")
  func text() throws {
    try withFolder(["a.txt": Array("abcab\r\nc".utf8)]) { folder in
      let dataset = try DatasetLibrary().open(folder.path + "/a.txt:window=3")
      #expect(dataset.vocabulary == ["\n", "a", "b", "c"])
      #expect(dataset.inputs == Tensor(shape: [2, 3], scalars: [1, 2, 3, 1, 2, 0]))
      #expect(dataset.targets == Tensor(shape: [2, 3], scalars: [2, 3, 1, 2, 0, 3]))
      for window in ["4", "0", "x"] {
        #expect(throws: FileFailure.self) {
          try DatasetLibrary().open(folder.path + "/a.txt:window=\(window)")
        }
      }
    }
  }

  @Test("a table with a window is a series: dates are left out, gaps filled")
  func series() throws {
    let table = "day,a,b\n2020-01-01,1,10\n2020-01-02,,20\n2020-01-03,3,\n2020-01-04,4,50\n"
    try withFolder(["s.csv": Array(table.utf8)]) { folder in
      let path = folder.path + "/s.csv"
      let both = try DatasetLibrary().open(path + ":window=2,target=a")
      #expect(both.inputs == Tensor(shape: [2, 2, 2], scalars: [1, 10, 2, 20, 2, 20, 3, 35]))
      #expect(both.targets.scalars == [3, 4] && both.splitRule == .lastRows)
      #expect(both.features == ["a[t-2]", "b[t-2]", "a[t-1]", "b[t-1]"])
      #expect(both.notes == ["filled in from the values around: 2 gaps"])
      let one = try DatasetLibrary().open(path + ":window=1,ignore=b")
      #expect(one.inputs.scalars == [1, 2, 3] && one.targets.scalars == [2, 3, 4])
      for options in ["window=3", "window=1,target=day", "window=1,target=z"] {
        #expect(throws: FileFailure.self) { try DatasetLibrary().open(path + ":" + options) }
      }
    }
  }

  @Test("series that come along are windows of their columns, the next value behind each")
  func content() throws {
    let sunspots = try DatasetLibrary().load("sunspots")
    #expect(sunspots.inputs.shape == [285, 24, 1] && sunspots.splitRule == .lastRows)
    // 1700 … 1704: 5, 11, 16, 23, 36; 1724: 21; 2008: 2.9.
    #expect(sunspots.example(0).prefix(5) == [5, 11, 16, 23, 36])
    #expect(sunspots.targets.scalars.first == 21 && sunspots.targets.scalars.last == 2.9)
    #expect(sunspots.example(1).last == sunspots.targets.scalars[0])
    let short = try DatasetLibrary().open("nile:window=3")
    #expect(short.inputs.shape == [97, 3, 1] && short.example(0) == [1120, 1160, 963])
    #expect(throws: FileFailure.self) { try DatasetLibrary().open("iris:window=3") }
    #expect(try DatasetLibrary().load("co2").notes.count == 1)
  }

  @Test("no bytes of texts, sequences or series crash the readers")
  func fuzz() throws {
    let text = Array("a,b\n1,2\n3,4\n5,\n>x y\nACG\nöß".utf8)
    try withFolder([:]) { _ in
      for round in 0..<300 {
        var bytes = text
        let place = round * 7 % bytes.count
        bytes[place] = UInt8(truncatingIfNeeded: round * 31)
        if round % 3 == 0 { bytes.removeSubrange(place..<min(bytes.count, place + round % 9)) }
        let attempts: [(String) throws -> Dataset] = [
          { try TextFile(bytes: bytes, file: $0, window: 1 + round % 9).load() },
          { try SequenceFiles.load(bytes, file: $0, window: nil) },
          {
            try Series.load(
              TextTable(parsing: bytes, file: $0), file: $0, options: TableOptions(),
              window: 1 + round % 3)
          },
        ]
        for attempt in attempts {
          do {
            let dataset = try attempt("x")
            #expect(dataset.inputs.scalars.allSatisfy { $0.isFinite })
          } catch { #expect(error is FileFailure) }
        }
      }
    }
  }
}
