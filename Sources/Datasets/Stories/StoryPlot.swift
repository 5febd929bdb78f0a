// What stories say, paragraph by paragraph, as phrases; `Story` fills in the words.

/// The sentences that a story chooses from.
enum StoryPlot {
  static let openings = [
    """
    Once there was {a} {kind} named {hero} who lived {home}. [{Hero} owned|In all the world {he} \
    owned] {thinga} {thing} and {n} {goods}, and [that was enough|{he} was content|{he} counted \
    them every night].
    """,
    """
    {Home} lived {a} {kind}. {His} name was {hero}, and {he} liked {likes} [more than anything|very \
    much|best of all]. [On a shelf|In a corner] {he} kept {thinga} {thing}, and in a [basket|box] \
    {n} {goods}.
    """,
    """
    {Hero} the {kind} woke up early. "Today," {he} said, "I will go to {goal}." {He} took {his} \
    {thing}, put {n} {goods} into a [sack|bag|basket], and closed the door of {his} home {home}.
    """,
    """
    Long ago, when [the hills were young|winters were longer|nobody was in a hurry], {a} {kind} \
    named {hero} found {thinga} {thing} {home}. {He} also found {n} {goods}, but this is the story \
    of the {thing}.
    """,
    """
    There was a time when {a} {kind} could own no more than {n} {goods} and {thinga} {thing}. \
    In that time {hero} lived {home}. {He} was [young|not young any more|as old as the oldest \
    tree], and {he} liked {likes}.
    """,
    """
    "Tell us about {hero}," say the [children|grandchildren|young ones] when the lamps are \
    lit. So hear: {hero} was {a} {kind} and lived {home} with {n} {goods} and {thinga} \
    {thing}. [Some called {him} lazy|Some called {him} clever|Most called {him} kind], but \
    {he} was only {mood}.
    """,
  ]

  static let weathers = [
    "That [morning|day] {begins}. {Hero} [looked out and sighed|did not mind|was {mood}].",
    "It was [a Monday|a Sunday|the first day of the month|market day], and {begins}.",
    "Outside {begins}, but {hero} was {mood}.",
    """
    Nobody who lived {home} will forget that [day|week]. Outside {begins}. "[Very well|All \
    right]," said {hero}, "let it."
    """,
    """
    It happened in [March|April|October|November|January] when {begins}. {Hero} [lit the \
    stove|ate a spoon of jam|washed {his} paws] and felt {mood}.
    """,
  ]

  static let wishes = [
    """
    [For years|All summer|Since {he} was small] {hero} had wished to see {goal}. "If I do not go \
    [now|today|this week]," {he} said, "I will never go." So {he} [packed|took] {his} {thing} and \
    {goes} down the road.
    """,
    """
    A letter came. It said: "Dear {hero}, come to {goal} and bring your {thing}." [Nobody had \
    signed it.|The writing was very small.] {Hero} read it [twice|three times] and {goes} off at once.
    """,
    """
    "Who will come with me to {goal}?" asked {hero}. [Nobody answered.|The clock ticked.|Only a \
    beetle looked up.] "Then I will go alone," {he} said, and {he} {goes} away with {his} {thing}.
    """,
    """
    Every [night|evening] {hero} asked the [moon|old clock|spider in the corner] the same \
    question: "What is there at {goal}?" And every [night|evening] there was no answer. At \
    last {he} {goes} out to see for {him2}, and {he} did not forget {his} {thing}.
    """,
    """
    "You will never reach {goal}," said {his} [aunt|uncle|neighbor]. "[The way is too long|You \
    are too small|Your legs are too short]." "We shall see," said {hero}. {He} tied {his} \
    {thing} to {his} back and {goes} away before sunrise.
    """,
  ]

  static let meetings = [
    """
    At {station} {he} met {fa} {fkind}. "Good [day|morning], {kind}," said the {fkind}. "My name is \
    {friend}. Where are you going?" "To {goal}," said {hero}. "[That is far|That is a long way]," \
    said {friend}, "but I like {flikes}, and I hear there are {flikes} on the way. May I come?" \
    "[You may|Gladly|Why not]," said {hero}, and so there were two of them.
    """,
    """
    By {station} sat {fa} {fkind} and [cried|sulked|hummed]. "What is the matter?" asked {hero}. "I \
    have lost my way," said the {fkind}, "and nobody knows that my name is {friend}." "Now I know \
    it," said {hero}. "Come with me to {goal}, {friend}." [The {fkind} smiled.|{Friend} dried {fhis} \
    eyes.] {Hero} {goes} ahead, and {friend} {fgoes} behind {him}.
    """,
    """
    Soon {he} came to {station}. There {friend} the {fkind} was waiting. "I knew that you would \
    come," said {friend}. "[How|But how] could you know?" asked {hero}. "{Fa} {fkind} knows such \
    things," said {friend}, and {fhe} {fgoes} along without another word.
    """,
    """
    Near {station} something moved. "Who is there?" cried {hero}. "Only {friend}," said a \
    voice, and out of the [grass|leaves|shadow] came {fa} {fkind}. "I am looking for \
    {flikes}," {fhe} said. "And I am looking for {goal}," said {hero}. "Then let us look \
    together," said {friend}, and {fhe} {fgoes} ahead.
    """,
    """
    There is {station} on the way to {goal}, and there lived {fa} {fkind} whose name was \
    {friend}. {Fhe} had [no bed|no friends|a cold], and {fhe} thought of {flikes} all day. \
    When {hero} [asked the way|knocked|sneezed], {friend} jumped for joy. "A guest!" {fhe} \
    cried, and from that hour {fhe} {fgoes} wherever {hero} {goes}.
    """,
  ]

  static let gifts = [
    """
    "I am hungry," said {friend}. {Hero} opened the [sack|basket|bag] and gave {fhim} {giftn}. Then \
    there {were} {left} left.
    """,
    """
    When they rested, {hero} counted: {n} {goods}. {He} gave {giftn} to {friend}, and [when|after] \
    {he} counted again there {were} {left}.
    """,
    """
    "How many {goods} do you have?" asked {friend}. "{N}," said {hero}. "Give me {giftn}, and you \
    will have {left}." [So it was.|And that is what {he} did.]
    """,
    """
    A [beggar|peddler|lost child] stood by the road. "[Have you something to eat|Can you help \
    me]?" {Hero} looked at {friend}, and {friend} looked at {hero}. Then {he} gave away \
    {giftn} of {his} {n}. "Now there {were2} {left}," said {friend}. "{Left} will do," said \
    {hero}.
    """,
  ]

  static let travels = [
    "{During}. {Hero} {goes} on, and {friend} {fgoes} beside {him}.",
    "They came to {station2}. \"[Shall we go around|Shall we turn back]?\" asked {friend}. \"No,\" "
      + "said {hero}, \"we go [on|straight on].\" {Friend} was {mood}, but {fhe} {fgoes} on.",
    "{During}, and {friend} [complained|sighed|laughed]. \"{A} {kind} does not give up,\" said "
      + "{hero}. \"And {fa} {fkind} does not either,\" said {friend}.",
    "In the [evening|night] they slept beside {station2}. {Hero} dreamed of {likes}, and {friend} "
      + "dreamed of {flikes}.",
    "\"Tell me [a story|a secret],\" said {friend}. \"Once there was {fa} {fkind},\" began {hero}, "
      + "\"who asked too many questions.\" {Friend} [laughed|said nothing for a mile].",
    """
    "What will you do when we are there?" asked {hero}. "I will look for {flikes}," said \
    {friend}. "And you?" "I will sit down," said {hero}, "and think of {likes}."
    """,
    """
    {During}. "Take my [hand|paw|tail]," said {friend}, and so they came past {station2}: the \
    {kind} {goes}, the {fkind} {fgoes}, and neither let go.
    """,
    """
    At {station2} an old [toad|snail|raven] asked them a riddle. "What [goes without \
    feet|speaks without a mouth|grows when you give it away]?" {Hero} did not know. "[The \
    wind|A river|Joy]," said {friend}, and the [toad|snail|raven] let them pass.
    """,
    """
    For a whole day they did not speak, because {friend} had called the {thing} ugly. In the \
    evening {fhe} said, "I am sorry, {hero}. It is a fine {thing}." "And you are a fine \
    {fkind}," said {hero}.
    """,
  ]

  static let troubles = [
    """
    Then something happened. The {thing} fell into [a hole|the water|a deep ditch]! "My {thing}!" \
    cried {hero}. {Friend} did not wait. {Fhe} {fgoes} after it, and soon {fhe} came back with the \
    {thing} in {fhis} mouth. "Thank you, {friend}," said {hero}. "I will not forget it."
    """,
    """
    At {station3} a [giant|troll|stern old heron] stood in the way. "Nobody passes," it said, \
    "[without a song|without a gift|without telling the truth]." {Hero} [was {mood}|thought for a \
    while]. Then {he} held up {his} {thing}, and {friend} began to sing:
    """,
    """
    It grew dark, and they could not find the road. "Are you afraid, {friend}?" asked {hero}. "A \
    little," said the {fkind}. "So am I," said the {kind}, "but we have the {thing}." And to keep \
    their hearts warm they sang:
    """,
    """
    In the night a thief took the {thing}. {Hero} woke and saw that it was gone. "{Friend}, \
    did you hear anything?" "I heard [a wheel|a whisper|a twig break]," said the {fkind}. They \
    went back to {station3}, and there lay the {thing} in the grass, for even the thief had \
    found it too heavy.
    """,
    """
    Suddenly {friend} could not go on. "Leave me here," said the {fkind}. "{A} {kind} leaves \
    nobody behind," said {hero}. {He} wrapped {friend} in leaves, made tea [of mint|of \
    nettles], and waited [two days|three days|a week] at {station3}. Then {friend} stood up, \
    and {fhe} {fgoes} as if nothing had happened.
    """,
  ]

  /// Two lines that rhyme.
  static let verses = [
    "The road is long, the road is wide,\nI keep my {thing} at my side,",
    "The moon is high above the hill,\nthe {kind} is wide awake and still,",
    "We go by night, we go by day,\nand no one knows how far away,",
    "One for the {kind} and one for me,\nand one for the bird in the apple tree,",
    "Oh {hero}, {hero}, do not weep,\nthe hills are high, the sea is deep,",
    "The mill goes round, the wind goes by,\nthe clouds are sheep up in the sky,",
    "My bed is straw, my roof is light,\n{friend} keeps watch all through the night,",
    "Put on the kettle, cut the bread,\nand then the {fkind} must go to bed,",
    "Over the bridge and down the lane,\nthrough the sun and through the rain,",
    "A door that sings, a bell that rings,\nand {friend} dreams of silver things,",
  ]

  static let endings = [
    """
    At last they came to {goal}. "It is [smaller|larger|quieter] than I thought," said {hero}. \
    "But it is good to see it with {fa} {fkind}." In the end {ends}. They shared what was left of the \
    {goods}, and {friend} carried the {thing} all the way home.
    """,
    """
    On the [third|fourth|seventh] day they reached {goal}. {Hero} put down {his} {thing}. "[Here we \
    are|We did it], {friend}," {he} said. {Friend} the {fkind} only nodded, for {fhe} had no words. \
    And {ends}.
    """,
    """
    So they came to {goal}, and {ends}. If you go there, you may still see {a} {kind} with {thinga} \
    {thing} and beside {him} {fa} {fkind}. [Say good day to them|Bring them {goods}], and ask them \
    for their song.
    """,
    """
    When they saw {goal}, {hero} began to [cry|laugh|dance]. "Why do you [do that|not say \
    anything]?" asked {friend}. "Because I had [two|three] wishes," said {hero}. "One was to \
    see {goal}. The other was not to see it alone." And {ends}.
    """,
    """
    And what did they find at {goal}? Nothing but [a bench|a bowl of soup|an empty chair]. \
    They sat down, the {kind} and the {fkind}, and put the {thing} between them. "We can go \
    home now," said {friend}. "We are at home," said {hero}, and {ends}.
    """,
  ]
}
