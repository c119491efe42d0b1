import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from tests.trial.conftest import NOON, Telegram

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000030802000000368849d6"
    "0000000c4944415478da6360a03a00000051000115d7db2a0000000049454e44ae426082"
)


def keyboard(*rows: list[str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=f"id:{text}") for text in row] for row in rows]
    )


async def test_a_message_is_kept_as_it_was_sent(telegram: Telegram, bot: Bot) -> None:
    asked = telegram.server.type(telegram.ann, "hello")
    sent = await bot.send_message(
        telegram.ann,
        "<b>Hi</b> 🌱 &amp; <i>you</i>",
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(["Yes", "No"], ["Later"]),
        reply_to_message_id=asked,
    )
    kept = telegram.server.messages(telegram.ann)[-1]
    assert sent.message_id == kept.id == asked + 1
    assert sent.text == kept.plain == "Hi 🌱 & you"
    assert sent.date == kept.date == NOON
    assert kept.text == "<b>Hi</b> 🌱 &amp; <i>you</i>"
    assert kept.buttons == [[("Yes", "id:Yes"), ("No", "id:No")], [("Later", "id:Later")]]
    assert [sent.parse_entity(entity) for entity in sent.entities] == ["Hi", "you"]
    assert sent.reply_to_message is not None
    assert kept.from_bot
    assert not kept.edited


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("a < b", 'Unsupported start tag ""'),
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("one<br>two", 'Unsupported start tag "br"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<b", "Unclosed start tag"),
        ("x" * 4097, "message is too long"),
        ("🌱" * 2049, "message is too long"),
    ],
)
async def test_a_text_telegram_would_refuse_is_refused(telegram: Telegram, bot: Bot, text: str, reason: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(telegram.ann, text, parse_mode="HTML")
    assert reason.lower() in refused.value.message.lower()
    assert telegram.server.messages(telegram.ann) == []
    assert telegram.server.refusals[-1].method == "sendMessage"


@pytest.mark.parametrize(
    ("html", "plain", "kinds"),
    [
        ("<b>" + "x" * 4096 + "</b>", "x" * 4096, ["bold"]),
        ("&lt;p&gt; &#9829; &#x2665; &nbsp; &quot;", '<p> ♥ ♥ &nbsp; "', []),
        ("<blockquote expandable>x</blockquote>", "x", ["expandable_blockquote"]),
        ('<a href="https://a.b/?x=1&amp;y=2">x</a>', "x", ["text_link"]),
        ("<a href='nowhere'>x</a>", "x", []),
        ('<span class="tg-spoiler">x</span> <tg-spoiler>y</tg-spoiler>', "x y", ["spoiler", "spoiler"]),
        ('<pre><code class="language-python">x</code></pre>', "x", ["code", "pre"]),
        ("  <u>a</u><s>b</s><code>c</code>\n", "abc", ["underline", "strikethrough", "code"]),
    ],
)
async def test_a_text_telegram_accepts_is_read_as_telegram_reads_it(
    telegram: Telegram, bot: Bot, html: str, plain: str, kinds: list[str]
) -> None:
    sent = await bot.send_message(telegram.ann, html, parse_mode="HTML")
    assert sent.text == plain
    assert [entity.type for entity in sent.entities] == kinds


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="ä" * 33)]]), "BUTTON_DATA_INVALID"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="")]]), "BUTTON_DATA_INVALID"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", url="nowhere")]]), "Wrong HTTP URL"),
        (keyboard(["x"] * 9), "reply markup is too long"),
        (keyboard(*[["x"]] * 101), "reply markup is too long"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x")]]), "Text buttons are unallowed"),
        (InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="x")]]), "text must be non-empty"),
    ],
)
async def test_buttons_telegram_would_refuse_are_refused(
    telegram: Telegram, bot: Bot, markup: InlineKeyboardMarkup, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(telegram.ann, "Hello", reply_markup=markup)


async def test_an_edit_replaces_the_text_and_takes_the_buttons_away(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "Walked?", reply_markup=keyboard(["Yes"]))
    await bot.edit_message_text("Walked? Yes", telegram.ann, sent.message_id)
    [kept] = telegram.server.messages(telegram.ann)
    assert (kept.plain, kept.buttons, kept.edited) == ("Walked? Yes", [], True)


async def test_an_edit_that_changes_nothing_is_refused(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "Walked?", reply_markup=keyboard(["Yes"]))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("Walked?", telegram.ann, sent.message_id, reply_markup=keyboard(["Yes"]))
    await bot.edit_message_reply_markup(telegram.ann, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(telegram.ann, sent.message_id)


async def test_only_the_bots_own_message_can_be_edited(telegram: Telegram, bot: Bot) -> None:
    theirs = telegram.server.type(telegram.ann, "hello")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", telegram.ann, theirs)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", telegram.ann, 99)


async def test_a_deleted_message_is_gone(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "hello")
    await bot.delete_message(telegram.ann, sent.message_id)
    assert telegram.server.messages(telegram.ann) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(telegram.ann, sent.message_id)


async def test_a_message_of_the_day_before_yesterday_stays(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "hello")
    telegram.watch.forward(hours=49)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(telegram.ann, sent.message_id)


async def test_a_picture_arrives_byte_for_byte(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_photo(
        telegram.ann, PNG, caption="<b>Week 1</b>", parse_mode="HTML", reply_markup=keyboard(["More"])
    )
    [kept] = telegram.server.messages(telegram.ann)
    assert kept.photo == PNG
    assert (kept.caption, kept.plain, kept.text) == ("<b>Week 1</b>", "Week 1", "")
    assert (sent.photo[0].width, sent.photo[0].height) == (2, 3)
    await bot.edit_message_caption(telegram.ann, sent.message_id, caption="Week 2")
    assert telegram.server.messages(telegram.ann)[0].plain == "Week 2"


@pytest.mark.parametrize(
    ("photo", "caption", "reason"),
    [(PNG, "x" * 1025, "message caption is too long"), (b"not a picture", "", "IMAGE_PROCESS_FAILED")],
)
async def test_a_picture_telegram_would_refuse_is_refused(
    telegram: Telegram, bot: Bot, photo: bytes, caption: str, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_photo(telegram.ann, photo, caption=caption)


async def test_a_document_can_be_downloaded_again(telegram: Telegram, bot: Bot) -> None:
    content = b"a,b\r\n--x\r\n\x00\xff"
    sent = await bot.send_document(telegram.ann, content, filename="my records.csv", caption="Yours")
    assert sent.document is not None
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content
    kept = telegram.server.messages(telegram.ann)[0].document
    assert kept is not None
    assert kept.name == "my records.csv"


async def test_a_text_edit_does_not_fit_a_picture(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_photo(telegram.ann, PNG)
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("x", telegram.ann, sent.message_id)


async def test_a_chat_that_is_not_there_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(12345, "hello")


async def test_who_blocked_the_bot_cannot_be_written_to(telegram: Telegram, bot: Bot) -> None:
    telegram.server.block(telegram.ann)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(telegram.ann, "hello")
    telegram.server.unblock(telegram.ann)
    assert await bot.send_message(telegram.ann, "hello")
    telegram.server.deactivate(telegram.ann)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(telegram.ann, "hello")


async def test_a_group_the_bot_left_is_closed_to_it(telegram: Telegram, bot: Bot) -> None:
    group = telegram.server.add_group("Family")
    await bot.send_message(group, "I only talk in private.")
    await bot.leave_chat(group)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group, "hello")


async def test_a_tap_is_open_until_it_is_answered_and_only_once(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "Walked?", reply_markup=keyboard(["Yes"]))
    query_id = telegram.server.tap(telegram.ann, sent.message_id, "Yes")
    [update] = await telegram.updates(bot)
    assert update.callback_query is not None
    assert update.callback_query.data == "id:Yes"
    assert update.callback_query.message is not None
    assert update.callback_query.message.message_id == sent.message_id
    assert [tap.id for tap in telegram.server.unanswered_taps] == [query_id]
    await bot.answer_callback_query(query_id, "Noted", show_alert=True)
    assert telegram.server.unanswered_taps == []
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(query_id)


async def test_a_tap_waited_on_too_long_cannot_be_answered(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "Walked?", reply_markup=keyboard(["Yes"]))
    query_id = telegram.server.tap(telegram.ann, sent.message_id, "id:Yes")
    telegram.server.expire_tap(query_id)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(query_id)


async def test_only_a_button_that_shows_can_be_tapped(telegram: Telegram, bot: Bot) -> None:
    sent = await bot.send_message(telegram.ann, "Walked?", reply_markup=keyboard(["Yes"]))
    with pytest.raises(LookupError, match="no button 'No'"):
        telegram.server.tap(telegram.ann, sent.message_id, "No")
    telegram.server.tap(telegram.ann, sent.message_id, "id:No", stale=True)
    [update] = await telegram.updates(bot)
    assert update.callback_query is not None
    assert update.callback_query.data == "id:No"


async def test_commands_are_kept_by_language(telegram: Telegram, bot: Bot) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Beginnen")], language_code="de")
    assert (await bot.get_my_commands())[0].description == "Begin"
    assert telegram.server.commands(telegram.ann) == [{"command": "start", "description": "Begin"}]
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Start!", "Begin")])


async def test_the_bot_describes_itself(telegram: Telegram, bot: Bot) -> None:
    assert (await bot.get_me()).username == "uptake_trial_bot"
    assert await bot.set_my_description("A coach")
    assert await bot.set_my_short_description("Coach")
    assert await bot.set_chat_menu_button()
    assert await bot.send_chat_action(telegram.ann, "typing")
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)
