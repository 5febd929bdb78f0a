/// Decorators and helpers of Keras that leave a function or class as it is.
enum ProgramFunctions {
  static func install(in keras: Namespace) {
    let saving = module("saving", in: keras)
    saving.add(registering)
    module("utils", in: keras).add(registering)
    let backend = module("backend", in: keras)
    for home in [backend, module("utils", in: keras)] {
      home.add(
        NativeFunction("clear_session(free_memory=True)") { call in
          // What is made from now on is counted anew.
          call.evaluator.modelCount = [:]
          return .none
        })
    }
    backend.add(NativeFunction("get_value(x)") { $0["x"] })
    let config = module("config", in: keras)
    for home in [backend, config] {
      home.add(NativeFunction("epsilon()") { _ in .number(1e-7) })
      home.add(NativeFunction("floatx()") { _ in .text("float32") })
      home.add(NativeFunction("image_data_format()") { _ in .text("channels_last") })
      home.add(
        NativeFunction("set_image_data_format(data_format)") { call in
          let format = try call.text("data_format")
          guard format == "channels_last" else {
            throw Complaint(
              "set_image_data_format() got \(PythonFormat.quoted(format, "\""))",
              remedy: KerasNames.lastChannels, at: call.anchor("data_format"))
          }
          return .none
        })
    }
  }

  /// `@tf.function`.
  static func installTensorFlow(_ tensorflow: Namespace) {
    tensorflow.add(
      decorator("function", "tf.function is accepted and ignored: nothing is compiled"))
  }

  private static func module(_ name: String, in keras: Namespace) -> Namespace {
    if case .object(let known as Namespace)? = keras.members[name] { return known }
    let made = Namespace("keras." + name)
    keras.add(name, .object(made))
    return made
  }

  private static var registering: NativeFunction {
    NativeFunction("register_keras_serializable(package='Custom', name=None)") { call in
      if case .object = call["package"] { return call["package"] }
      call.evaluator.note(
        "register_keras_serializable is accepted and ignored: the program is the model file",
        at: call.evaluator.callPlace)
      return .object(NativeFunction("register(x)") { $0["x"] })
    }
  }

  /// A decorator that may stand with and without brackets.
  private static func decorator(_ name: String, _ note: String) -> NativeFunction {
    NativeFunction("\(name)(f=None, **options)") { call in
      call.evaluator.note(note, at: call.evaluator.callPlace)
      if case .object = call["f"] { return call["f"] }
      return .object(NativeFunction("same(x)") { $0["x"] })
    }
  }
}
