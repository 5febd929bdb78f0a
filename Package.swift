// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in CI only, so that a newer compiler does not break a user's build.
let strict = Context.environment["CI"] != nil
let settings: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
  + (strict ? [.treatAllWarnings(as: .error)] : [])

// Tests draw thousands of screens and train hundreds of networks: what they test is optimized in debug
// builds too, and they are done in half the time. BACKSTEP_UNOPTIMIZED=1 leaves it as a debugger likes it.
let optimized: BuildSettingCondition? =
  Context.environment["BACKSTEP_UNOPTIMIZED"] == nil ? nil : .when(configuration: .release)

/// A Swift module and what it may import; `Tests/ArchitectureTests` holds every file to this.
///
/// - Parameter isCold: whether it runs once a key or a file: optimized for size it is built sooner and
///   draws as fast.
func module(
  _ name: String, imports: [Target.Dependency] = [], resources: [Resource] = [],
  isCold: Bool = false, extra: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: imports, resources: resources,
    swiftSettings: settings + [.unsafeFlags([isCold ? "-Osize" : "-O"], optimized)] + extra)
}

/// The tests of one module: they import it, what it imports, and the shared test support.
///
/// - Parameter files: what lies beside the sources and is read from there.
func tests(_ name: String, imports: [Target.Dependency], files: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.target(name: name)] + imports, exclude: files,
    swiftSettings: settings)
}

// The engine runs its own bounds and lifetime discipline: one arena, planned once.
let engine: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"])]

let package = Package(
  name: "backstep",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "backstep", targets: ["backstep"]),
    .executable(name: "backstep-bench", targets: ["backstep-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C: the hot loops; ncurses, signals and crashes; the libraries Swift cannot see by itself.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(
      name: "CNCurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .systemLibrary(name: "CZip"),
    .systemLibrary(name: "CMarkdown"),
    .systemLibrary(name: "CPng"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CMalloc"),

    // Values and functions, from the bottom up.
    module("Tensors", imports: ["CKernels"], extra: engine),
    // The readable kernels as text: a folder cannot be source and resource of one target.
    module("KernelSources", imports: ["Tensors"], resources: [.copy("../Tensors/Reference")]),
    module("FileFormats", imports: ["Tensors", "CPng", "CZip", "CZlib"]),
    module("Autodiff", imports: ["CKernels", "Tensors"], extra: engine),
    module(
      "Datasets", imports: ["FileFormats", "Tensors"], resources: [.copy("../../Datasets")]),
    module("NeuralNets", imports: ["Autodiff", "Tensors"]),
    module(
      "KerasCode", imports: ["NeuralNets", "Datasets", "FileFormats", "Tensors"],
      resources: [.copy("Templates")]),
    module(
      "Training", imports: ["NeuralNets", "Datasets", "Autodiff", "Tensors"], extra: engine),
    module(
      "RunStore",
      imports: [
        "Training", "FileFormats", "Tensors", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    module(
      "Interchange",
      imports: [
        "RunStore", "Training", "KerasCode", "NeuralNets", "Datasets", "Autodiff", "FileFormats",
        "Tensors",
      ], resources: [.copy("Python")], isCold: true),
    module(
      "Lessons",
      imports: [
        "Training", "KerasCode", "NeuralNets", "Datasets", "CMarkdown",
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [.copy("../../Lessons")], isCold: true),
    module(
      "Scripts",
      imports: [
        "KerasCode", "Training", "Interchange", "NeuralNets", "Datasets", "Autodiff",
        "FileFormats", "Tensors",
      ]),
    module("TerminalGraphics"),
    module("Pictures", imports: ["TerminalGraphics", "CPng"], resources: [.copy("Font")]),
    module(
      "Workbench",
      imports: [
        "TerminalGraphics", "Scripts", "Lessons", "Interchange", "RunStore", "Training",
        "KerasCode", "NeuralNets", "Datasets", "Autodiff", "FileFormats", "Tensors",
        "KernelSources",
      ], isCold: true),

    // Side effects: the terminal, the loop, the command line.
    module(
      "CursesTerminal", imports: ["TerminalGraphics", "CNCurses"],
      extra: [.defaultIsolation(MainActor.self)]),
    // A program in a terminal of its own, for tests and measurements.
    module("PseudoTerminal"),
    module(
      "LabRuntime",
      imports: [
        "Workbench", "Pictures", "TerminalGraphics", "Scripts", "Lessons", "Interchange",
        "RunStore", "Training", "KerasCode", "NeuralNets", "Datasets", "Autodiff", "FileFormats",
        "Tensors", "CMalloc",
      ], isCold: true),
    .executableTarget(
      name: "backstep",
      dependencies: [
        "LabRuntime", "CursesTerminal", "Workbench", "TerminalGraphics", "Scripts", "Lessons",
        "Interchange", "RunStore", "Training", "KerasCode", "NeuralNets", "Datasets", "Autodiff",
        "FileFormats", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "backstep-bench",
      dependencies: [
        "KerasCode", "Training", "NeuralNets", "Datasets", "Autodiff", "Tensors", "CKernels",
        "PseudoTerminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], resources: [.copy("Peers")], swiftSettings: settings),

    // Tests: one target a module, and the whole.
    .testTarget(name: "ArchitectureTests", swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Training", "NeuralNets", "FileFormats", "Tensors"],
      path: "Tests/TestSupport", swiftSettings: settings),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    tests("Tensors", imports: ["CKernels", "KernelSources"], files: ["replay.c"]),
    tests("FileFormats", imports: ["Tensors"]),
    tests("Autodiff", imports: ["Tensors"]),
    tests("Datasets", imports: ["FileFormats", "Tensors"]),
    tests("NeuralNets", imports: ["TestSupport", "KerasCode", "Autodiff", "Tensors"]),
    tests(
      "KerasCode", imports: ["TestSupport", "NeuralNets", "Datasets", "FileFormats", "Tensors"]),
    tests(
      "Training",
      imports: [
        "AllocationCount", "TestSupport", "NeuralNets", "Datasets", "Autodiff", "Tensors",
      ]),
    .testTarget(
      name: "InteropTests",
      dependencies: [
        "TestSupport", "Scripts", "Interchange", "KerasCode", "Training", "NeuralNets",
        "Datasets", "FileFormats", "Tensors",
      ],
      exclude: [
        "requirements.txt", "train_keras_nets.py", "build_keras_code.py", "run_templates.py",
        "run_exported.py",
      ],
      swiftSettings: settings),
    tests(
      "RunStore",
      imports: [
        "Training", "NeuralNets", "FileFormats", "Tensors",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests("Lessons", imports: ["Training", "NeuralNets", "Tensors"]),
    tests("TerminalGraphics", imports: []),
    tests("Pictures", imports: ["TerminalGraphics"]),
    tests(
      "Workbench",
      imports: [
        "TestSupport", "TerminalGraphics", "Lessons", "Scripts", "KerasCode", "Training",
        "NeuralNets", "Datasets", "Autodiff", "Tensors",
      ], files: ["Snapshots"]),
    tests(
      "LabRuntime",
      imports: [
        "AllocationCount", "Workbench", "TerminalGraphics", "Scripts", "Lessons", "RunStore",
        "Training", "KerasCode", "NeuralNets", "Datasets", "Autodiff", "FileFormats", "Tensors",
      ]),
    tests(
      "Scripts",
      imports: [
        "TestSupport", "Interchange", "KerasCode", "Training", "NeuralNets", "Datasets",
        "Autodiff", "FileFormats", "Tensors",
      ]),
    tests("PseudoTerminal", imports: []),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "TestSupport", "backstep", "PseudoTerminal", "LabRuntime", "Lessons", "RunStore",
        "Training",
        "Datasets", "FileFormats",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["contract_nets.py"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
