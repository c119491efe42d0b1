"""Emergency words are found however they are typed, and gym talk is left alone."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.redflags import Flag, find
from bot.pages import read_page
from tests.coach import english

EMERGENCY_NOW = [
    # the chest and the heart
    "I have chest pain",
    "chest pain",
    "CHEST PAIN!!!",
    "chest pian",
    "chestpain help",
    "my chest hurts",
    "my chest hurts really bad",
    "my chest hurtsss",
    "pain in my chest",
    "theres a sharp pain in the left side of my chest",
    "I feel pressure on my chest",
    "chest presure",
    "chest feels tight",
    "tightness in my chest and im sweating",
    "there is a tight feeling in my chest",
    "like an elephant is sitting on my chest",
    "my chest feels heavy and i feel sick",
    "crushing feeling in chest",
    "my chest is killing me",
    "no, chest pain",
    "no idea why but my chest hurts",
    "not ok, chest pains since 10 minutes",
    "i stopped the walk because my chest started hurting",
    "chest hurts and my left arm feels numb",
    "chest pain that is not going away",
    "the chest pain won't stop",
    "I think I'm having a heart attack",
    "im having a hart attack",
    "my heart hurts when i walk",
    "pain going down my left arm and into my jaw",
    # fainting
    "I fainted",
    "i just fainted in the gym",
    "I fainted after the squats",
    "I passed out during the set",
    "i think im going to faint",
    "about to pass out",
    "i feel like im gonna pass out",
    "feeling faint",
    "I blacked out for a second",
    "i collapsed",
    "I lost consciousness in the cold tub",
    # breath
    "I can't breathe",
    "cant breath",
    "CANT BREATHEEEE",
    "i cant breethe",
    "I cannot breathe properly",
    "i can not breathe",
    "struggling to breathe",
    "hard to breathe all of a sudden",
    "I'm having trouble breathing",
    "dificulty breathing",
    "sudden shortness of breath",
    "suddenly very short of breath just sitting here",
    "out of breath while sitting down",
    "suddenly breathless",
    "gasping for air",
    "I can't catch my breath",
    "lips are turning blue",
    # one side, the face, speech
    "my face is drooping",
    "half my face is numb",
    "the left side of my face feels numb",
    "my mouth is drooping on one side",
    "left arm went numb",
    "my right arm is suddenly weak",
    "I can't move my left arm",
    "can't feel my right leg",
    "my whole left side is weak",
    "numb on one side",
    "weakness on my right side",
    "my speech is slurred",
    "im slurring my words",
    "slured speech",
    "my words are coming out wrong",
    "i think im having a stroke",
    "suddenly I can't see out of one eye",
    "worst headache of my life",
    # ketoacidosis
    "I keep vomiting and my breath smells fruity",
    "throwing up and my breath smells like nail polish",
    "my breath smells like pear drops and im so thirsty and confused",
    "vomitting, ketones are high",
    "puking all day and blood sugar is very high",
    "belly pain and fruity breath",
    "i think this is dka",
    "can't keep water down and my ketones are 4",
    # lows
    "my sugar won't come up",
    "blood sugar still low after two juices",
    "had juice twice and my glucose is not coming up",
    "hypo wont go away",
    "low sugar that keeps dropping",
    "my blood sugar is low and i cant swallow",
    # overdose and other
    "I took too much insulin",
    "i took too many pills",
    "I overdosed on my tablets",
    "injected double my insulin",
    "my throat is closing up",
    "my tongue is swelling",
    "coughing up blood",
    "i need an ambulance",
    "call 911",
    "please call an ambulance",
    "i think im dying",
    # written after the matcher: the first fresh batch
    "hey my chest is really hurting and it goes to my back",
    "chest feels weird, like a tight band around it",
    "I've got this squeezing in my chest",
    "im having bad chest pains pls help",
    "woke up with chest pain",
    "strong pain in chest",
    "my chest is tight and i cant breathe properly",
    "chest tightness",
    "got a tight chest since 20 min",
    "a stabbing pain in chest when i breathe in",
    "heaviness in my chest and cold sweat",
    "pain behind my breastbone when i walk uphill",
    "since this morning I have a pressing feeling in my chest",
    "I have a pain in the chest",
    "chest pains again",
    "My heart is hurting and I feel dizzy",
    "Help I think its a heart attack",
    "hart attack??",
    "i almost fainted",
    "nearly passed out in the shower",
    "I just passed out",
    "everything went black and i fell",
    "i keep fainting",
    "i fainted twice today",
    "feel like fainting",
    "dizzy and about to faint",
    "got up and collapsed in the kitchen",
    "i cant get air",
    "cant breath properly since the cold shower",
    "not getting enough air",
    "its hard to breath",
    "My breathing is very hard",
    "i am suffocating",
    "breathing became very difficult suddenly",
    "suddenly i cant breathe",
    "I am so short of breath i cant finish a sentence",
    "one side of my face went numb",
    "my face feels droopy on the right",
    "my left hand is numb and I cant talk properly",
    "right side of my body feels paralyzed",
    "i cant lift my right arm suddenly",
    "My arm went dead and my speech is weird",
    "speech slurred since 10 mins",
    "i cant speak properly",
    "words are coming out jumbled",
    "could this be a stroke? my face is numb",
    "vomiting since the morning, breath smells of acetone",
    "I'm on Jardiance and vomiting with stomach pain and ketones 3.5",
    "my sugar is very high and im throwing up",
    "keep being sick, breath smells fruity",
    "I have DKA",
    "my glucose is 45 and wont go up",
    "sugar still low after glucose tabs",
    "ate sugar 3 times, still low, hypo",
    "hypo not getting better",
    "I accidentally took my insulin twice",
    "i took double my insulin dose",
    "took a whole bottle of tylenol",
    "i swallowed all the pills",
    "i overdosed",
    "my throat is swelling up",
    "vomiting blood",
    "need ambulance",
    "ambulance please",
    "i need help i think im dying",
    "I'm having a seizure",
    # the second fresh batch
    "Got a really bad pain across my chest",
    "my chest kills",
    "chest is hurting bad and I'm sweating like crazy",
    "sharp chest pain right now",
    "there's something wrong with my heart, it hurts",
    "i feel a weight on my chest",
    "chest pain doesnt go away",
    "I cannot get my breath",
    "i cant breathe help",
    "struggling for breath after the cold plunge",
    "I nearly blacked out in the cold water",
    "i lost consciousness for a moment",
    "Passed out on the treadmill",
    "I felt faint and had to lie down",
    "left side of my face is numb",
    "my smile is crooked and arm is weak",
    "cant feel the left side of my body",
    "my vision went black",
    "words not coming out right",
    "throwing up nonstop and my ketones are high",
    "breath smells fruity and I feel confused",
    "hypo and juice isn't working",
    "blood sugar wont go up",
    "I took the wrong dose of insulin",
    "my throat feels like it's closing",
    "I think I'm dying",
    "somebody call an ambulance",
    "i have chest pain and my dad had a heart attack",
    "my husband thinks i'm having a stroke",
    "pain in my jaw and left arm",
    "ChEsT pAiN",
    "chest...pain",
    "chestpains",
    # a newcomer's reading: insulin
    "I took 50 units of insulin by mistake",
    "took too much insulin",
    "double dose of my insulin",
    "I took a double dose of my insulin",
    "I accidentally injected 20 units of insulin twice",
    "took all my pills",
    "took 40 tablets, i want to die",
    "heart attack 20 minutes ago",
    "my left arm went numb after lunch",
    "left arm is numb while sitting",
    "had a heart attack in 2015 and now my chest hurts",
    "I have an old heart condition and my chest hurts",
]

EMERGENCY_UNCLEAR = [
    "my dad had chest pain last year",
    "I had chest pain 2 years ago",
    "i used to get chest pains as a kid",
    "my husband has chest pain",
    "My wife fainted yesterday",
    "what if i get chest pain during the walk",
    "what should I do if my chest hurts?",
    "is chest pain normal after lifting?",
    "can cold water give me a heart attack?",
    "my grandmother had a stroke",
    "he won't wake up",
    "she is unresponsive",
    "my dad is not breathing",
    "my friend collapsed",
    "I fainted once when I was 15",
    "my chest hurts after bench press, probably doms",
    "chest and triceps hurt from push day",
    "my mum had dka in 2019",
    "the chest pain is gone now",
    "my breath smells fruity since keto",
    "my boyfriend is diabetic and i cant wake him up",
    # written after the matcher: the first fresh batch
    "my wife says she has chest pain",
    "is it normal to feel chest pain in cold water?",
    "I had a heart attack in 2015",
    "i have a history of fainting",
    "i had a stroke 3 years ago",
    "my neighbour just collapsed",
    "sometimes people faint in the sauna, is that dangerous",
    "what happens if i faint",
    "my son had a seizure last week",
    "is being short of breath normal",
    "chest is hurting from too many push ups yesterday",
    "slept through alarm, unresponsive lol",
    # a newcomer's reading: low glucose in numbers
    "my sugar is 45",
    "sugar 52 mg/dl",
    "glucose 2.6",
    "glucose 2,8 mmol/L",
    "glucose: 45 mg/dl",
    "my sugar was 2.6 this morning",
    "my blood sugar dropped to 50",
    "bg 48",
    "my glucose is below 50",
    "BG 2.9",
    "sugar is 2",
    "dexcom says 49",
    "my glucose meter shows 39",
    "my sugar is 53 and I'm shaking",
    "I had a hypo last night",
    "I'm having a low",
    "had a low last night",
    # many tablets, an arm
    "took 40 tablets",
    "i took 30 of my pills",
    "swallowed about 20 sleeping pills",
    "numb arm",
    "my arm is numb",
    # the past
    "heart attack 2019",
    "stroke in 2015",
    "stroke",
    "past stroke",
    "my 2015 stroke",
    "had a stroke in 1998",
    "previous heart attack",
    "i survived a stroke",
    "had a heart attack three years ago",
    "history of chest pain",
    "heart attack at age 45",
]

SELF_HARM_NOW = [
    "I want to kill myself",
    "im going to kill myself",
    "i wanna kill my self",
    "want to killmyself",
    "gonna kms",
    "I want to die",
    "i wanna die",
    "i just want to die tbh",
    "I wish I was dead",
    "wish i were dead",
    "wish i wasnt alive",
    "everyone would be better off without me",
    "I'd be better off dead",
    "I don't want to live anymore",
    "i dont want to be alive",
    "dont want to be here anymore",
    "I'm suicidal",
    "feeling sucidal",
    "thinking about suicide",
    "i think about suiside a lot",
    "I want to end my life",
    "im going to end it all",
    "I want to end it",
    "thinking of taking my own life",
    "no reason to live",
    "life is not worth living",
    "there is no point in living",
    "I can't go on",
    "cant go on like this anymore",
    "I want to hurt myself",
    "i feel like hurting myself",
    "i hurt myself on purpose",
    "been cutting myself again",
    "I cut myself last night on purpose",
    "i self harm",
    "urge to self-harm",
    "going to jump off a bridge",
    "im going to hang myself",
    "i want to disappear forever",
    # written after the matcher: the first fresh batch
    "i dont want to be alive anymore",
    "I dont want to exist",
    "whats the point in living",
    "i just want it all to end",
    "I want to be dead",
    "sometimes i think about killing myself",
    "might as well kill myself",
    "i am going to end my life tonight",
    "I feel like ending it all",
    "I have been thinking of suicide",
    "I'm having suicidal thoughts",
    "nobody would miss me if i was gone",
    "the world would be better without me",
    "I can't do this anymore, I want to die",
    "i hate myself and want to die",
    "I'm going to hurt myself",
    "I've started cutting again",
    "i cut my wrists",
    "im gonna jump off the bridge",
    "i dont see a reason to live",
    "i have nothing to live for",
    "i cant go on",
    "Honestly I wish I could just not wake up",
    "I don't want to wake up tomorrow",
    "wish i was never born",
    "i want to unalive myself",
    "life isn't worth living any more",
    "i self harmed today",
    "I'm a danger to myself",
    # the second fresh batch
    "i want to kill myself so bad",
    "I can't live anymore",
    "I'd rather be dead",
    "i wish i didn't exist",
    "I wish I could disappear",
    "thinking of killing myself tonight",
    "i am planning to end my life",
    "i don't want to live like this",
    "everyone would be happier if i was dead",
    "i'm feeling suicidal today",
    "no will to live",
]

SELF_HARM_UNCLEAR = [
    "my brother killed himself last year",
    "my friend says she wants to die",
    "my daughter is suicidal",
    "i was suicidal as a teenager",
    "I'm not suicidal",
    "i tried to kill myself years ago",
    # said in a roundabout way
    "I'm going to take all my pills",
    "hurting myself is the only thing that helps",
    "i want it to be over",
    "im cutting again",
    "kill me please i cant take it",
    "life has no meaning, i want out",
    "there's no point anymore",
    "my sister attempted suicide",
    "I am so tired of life",
    "fed up with life",
]

NOTHING = [
    # negated
    "no chest pain",
    "No chest pain today",
    "no pain in my chest",
    "I don't have chest pain",
    "i don't have any chest pain",
    "never had chest pain",
    "I have never had any chest pain",
    "without chest pain",
    "walked 20 min without any chest pain",
    "no fainting",
    "not fainting or anything",
    "no shortness of breath",
    "no chest pain or shortness of breath",
    "my chest doesn't hurt",
    "chest pain? no",
    "chest pain: none",
    "didn't faint",
    "no stroke",
    "I haven't fainted",
    # the gym
    "my chest day was a pain",
    "chest press 3x10 40kg",
    "chest press",
    "Chest day today!",
    "heavy chest day",
    "went heavy on chest",
    "chest workout was killer",
    "my chest is so sore from bench",
    "sore chest",
    "my chest muscles feel tight",
    "shoulder pain after chest press",
    "knee pain",
    "my knee hurts",
    "back pain after deadlifts",
    "my legs are killing me",
    "this killed my legs",
    "those lunges killed me",
    "killed it today",
    "killer workout",
    "my legs are dead",
    "I'm dead after that session",
    "dead tired",
    "deadlift 100kg",
    "dead bug 3x10",
    "dead hang 30 sec",
    "I died on the last set",
    "nearly died on those burpees lol",
    "im dying after those squats haha",
    "no pain no gain",
    "it was a pain to get up",
    "the stairs left me out of breath",
    "out of breath after the hill",
    "a bit breathless at the top",
    "legs feel weak after squats",
    "my arms are weak",
    "arms feel numb from carrying shopping",
    "one arm row 3x8",
    "left arm 8 reps right arm 10 reps",
    "left arm is weaker than right",
    "can't move my legs after leg day",
    "can't lift my arms after yesterday lol",
    "good pressure on the leg press",
    "blood pressure 130/80",
    "my heart rate was high",
    "heart pounding after sprints",
    "hurt myself lifting",
    "i hurt myself at the gym",
    "I don't want to hurt myself doing deadlifts",
    "ran 5 kms",
    "walked 10kms",
    "killing myself at the gym",
    "I want to chest press 100",
    "push through the pain",
    "suicide sprints done",
    "squats to failure",
    "i collapsed on the couch after",
    "passed out on the sofa at 9",
    "passed out early last night",
    "hang from the bar",
    "breast stroke 20 min",
    "rowing 24 strokes per minute",
    # idioms and food
    "I'd kill for a pizza",
    "could murder a burger",
    "dying to try it",
    "I'm dying for a coffee",
    "that cake is to die for",
    "died laughing",
    "dying of boredom",
    "it's a fainting couch",
    "not for the faint of heart",
    "i overdosed on carbs yesterday",
    "cut myself a slice of cake",
    "cut myself some slack",
    "I cut myself shaving",
    "shot myself in the foot there",
    "you nearly gave me a heart attack",
    "does walking lower heart attack risk?",
    "kill two birds with one stone",
    "killing time",
    "my phone died",
    "the battery is dead",
    "my dog died last week",
    "deadline stress",
    "cheat day pain lol",
    "work is a pain in the neck",
    "took my breath away",
    "breathing exercises were hard",
    "4-7-8 breathing",
    "can't talk right now",
    "i cant wake up early",
    "I can't wake up in the morning",
    "blackout curtains helped",
    "low sugar diet",
    "my sugar was low-ish but fine",
    "low carb",
    "thirsty",
    "I was so thirsty after the sauna",
    "took too much creatine?",
    "i took my pills",
    "took my metformin",
    "back stroke",
    "I can't go on Tuesday",
    "cant go on a walk today",
    "i want to end it with a cold shower",
    "end of my life insurance call, will walk later",
    "i hate mondays",
    "my face is red after the sauna",
    "face pulls 3x12",
    "one side plank 30 sec each",
    "side plank, weak core",
    "my mouth is dry",
    "i feel weak and tired",
    "feeling low today",
    "stressed",
    "sad",
    "numb fingers from cold water",
    # everyday answers
    "",
    "7",
    "65 kg",
    "yes",
    "no",
    "not today",
    "Done",
    "walked 20 min after dinner",
    "slept 23:00-6:45",
    "family",
    "Because I want to live longer for my kids",
    "I want to be alive for my grandchildren",
    "my father died of a heart attack so I want to do better",
    # written after the matcher: the first fresh batch
    "Chest and triceps today, 4 sets",
    "did chest and back, feeling good",
    "chest 3x10 then legs",
    "my chest is sore from push ups",
    "shoulders hurt",
    "my back is killing me",
    "my knees hurt when i squat",
    "stomach pain after lunch so no walk",
    "headache, skipped",
    "hip pain so I skipped the walk",
    "got a cramp in my left leg",
    "left knee is weak",
    "right shoulder hurts a bit",
    "my left arm is sore from the vaccine",
    "arms feel heavy after rows",
    "legs heavy",
    "heavy legs and tired",
    "I nearly died doing that wod",
    "I was dying on the stairs lol",
    "that hill almost killed me",
    "you're killing me coach",
    "kill me now, burpees again",
    "I'm gonna die if I do more lunges",
    "the traffic was murder",
    "I'd rather die than do burpees",
    "died of embarrassment",
    "I feel like death warmed up",
    "cold plunge was breathtaking",
    "held my breath for 30 sec",
    "deep breathing before bed",
    "breathing was heavy after the run",
    "short walk, no symptoms",
    "no symptoms",
    "none of these",
    "no dizziness, no chest pain, no fainting",
    "I don't have any of those",
    "my heart was racing during intervals",
    "heart rate 150",
    "heart health runs in the family",
    "I have a big heart",
    "my heart isn't in it today",
    "broke my heart",
    "my face is sweaty",
    "numb toes after the ice bath",
    "numb hands from cold",
    "feet go numb on the bike",
    "arm day",
    "one arm dumbbell row 20kg x 10",
    "single leg deadlift 3x8",
    "weak grip on my left",
    "I feel weak today",
    "my motivation collapsed",
    "the plan collapsed this week",
    "I slept like the dead",
    "dead easy",
    "fell asleep on the couch, passed out at 9pm",
    "slept badly, wired and tired",
    "sugar cravings are killing me",
    "blood sugar 6.1",
    "fasting glucose 5.4",
    "sugar was high after pizza",
    "low glucose in the morning, 4.1",
    "I take insulin twice a day",
    "I take metformin",
    "took magnesium before bed",
    "cut down on sugar",
    "cut my finger cooking",
    "hurt my back lifting",
    "hurt myself yesterday, ankle",
    "pulled a muscle, hurts",
    "end of the day",
    "i want to end the day with a walk",
    "I want to live",
    "live longer and feel better",
    "don't want to end up like my dad",
    "I can't go on with this plan because of my shifts",
    "can't do mornings",
    "I can't do this exercise",
    "tired of this diet",
    "sick of salads",
    "i give up sugar",
    "nothing to do with food",
    "what's the point of cold showers?",
    "is there a point in doing cardio?",
    "no reason",
    "never mind",
    "stop",
    "I want to stop",
    "help",
    "lost 2 kg",
    "lost my appetite for sweets",
    "speech went well at work",
    "stroke my cat",
    "I can't see the buttons",
    "couldn't see the picture",
    "can't find the button",
    "call me Ana",
    "call my doctor tomorrow",
    "suicide squad was on tv so I slept late",
    "overdid it",
    "overdid it yesterday",
    "OD'd on cheese yesterday lol",
    "stress is killing me",
    "work pressure",
    "feeling the pressure at work",
    "under a lot of pressure",
    "too much pressure on me",
    "tight hips and tight back",
    "tight schedule",
    "my hamstrings are tight",
    "tight shoulders",
    "burning in my legs",
    "muscles burning",
    "heartburn",
    "heartburn after dinner",
    "chest of drawers",
    "my chest measurement is 100 cm",
    "I want a bigger chest",
    "bench hurts my shoulder",
    "chest up, back straight",
    "felt great, no pain",
    "pain free",
    # the second fresh batch
    "pain in my lower back",
    "my neck is tight",
    "I get tight calves",
    "I have a tight schedule today",
    "neck and shoulder pain from the desk",
    "the pain is gone",
    "it hurts to sit after squats",
    "feeling pumped, chest and arms today",
    "chest, shoulders, triceps",
    "my chest strap broke",
    "garmin chest strap says 150",
    "sweaty and out of breath, great session",
    "got my breath back after 2 minutes",
    "I was panting by the end",
    "dog was panting after our walk",
    "hearty breakfast",
    "heart of palm salad",
    "my heart sank",
    "i have no heart problems",
    "no heart disease",
    "no, never fainted",
    "never passed out",
    "no stroke or heart attack",
    "never had a heart attack or stroke",
    "I have no chest pain at rest",
    "no numbness",
    "no weakness",
    "ice bath numbed my legs",
    "my arm is numb from sleeping on it",
    "slept on my arm, it went numb",
    "left leg is sore",
    "my right leg hurts",
    "I can't lift more than 20 kg",
    "can't move today, too sore",
    "couldn't move after leg day",
    "cold makes me shiver",
    "shivering after the cold shower",
    "freezing outside, skipped",
    "i ate too much",
    "too many sweets",
    "took too many days off",
    "took a whole week off",
    "I ate a whole bag of chips",
    "I took a whole packet of chips to work",
    "dying for chocolate",
    "to die for",
    "killer abs",
    "he killed it",
    "this app is killing it",
    "drop dead gorgeous",
    "die hard fan",
    "watching Die Hard",
    "want to end my day earlier",
    "I'm done with sugar",
    "I'm done",
    "tired of life admin",
    "sick and tired",
    "I can't do this today",
    "can't take it anymore, the dog barks all night",
    "hanging leg raises",
    "hung up my coat",
    "jumped rope",
    "jump squats",
    "jump off the box",
    "cutting carbs",
    "cutting season",
    "burning calories",
    "burned 300 kcal",
    "I burnt my hand cooking",
    "sugar high",
    "my sugar is high after rice",
    "thirsty all day",
    "peeing a lot at night",
    "being sick of salads",
    "I was sick yesterday",
    "vomited once yesterday, food poisoning",
    "low mood",
    "low energy",
    "hypo training is not for me",
    "911 calories",
    "call me later",
    "emergency at work",
    "emergency snack",
    "need help with the plan",
    # a newcomer's reading
    "I feel dizzy",
    "I felt dizzy",
    "98 mg/dL",
    "45 mg/dL",
    "glucose 98 mg/dl",
    "sugar is 54",
    "sugar 3.0",
    "glucose 3,1 mmol/l",
    "hba1c 42",
    "blood sugar (hba1c) 42",
    "sugar 45 g a day",
    "I ate 25 g sugar",
    "only 2 sugars in coffee",
    "milk, sugar, 2 eggs",
    "no sugar, 45 squats",
    "sugar is 1 thing I can't quit",
    "libre 2 sensor",
    "keep sugar under 25",
    "my arm went numb while sleeping",
    "cut sugar 2 weeks ago",
    "no sugar for 30 days",
    "sugar 30 days in",
    "checked my sugar at 21:30",
    "sugar at 2 am was fine",
    "insulin 2.6",
    "my body makes too much insulin",
    "took 2 tablets",
    "took 500 mg tablets",
    "took 15 min to find my pills",
    "took a 20 min walk and my pills",
    "had a low carb lunch",
    "golf stroke",
    "numb arm from sleeping on it",
    "never had a hypo",
    "no stroke",
]


TORN_OR_TURNED = [
    "45 is my sugar",  # the number first
    "48 mg/dl is my glucose",
    "2.8 is my sugar",
    "my sugar is forty five",  # written out
    "my sugar is two point five",
    "c hest pain",  # a space inside a word
    "pain in my ches t",
    "s u i c i d e",
]
WHOLE_AND_HARMLESS = [
    "95 is my sugar",
    "5.6 is my sugar",
    "my sugar is ninety",
    "day 30 is my sugar free day",
    "took twenty steps for my sugar",
    "i walked 30 min for my sugar",
    "no sugar for thirty days",
    "a b c d e f",
]


def _flag(text: str) -> Flag | None:
    return find(text, english().red_flags)


def _otherwise(texts: Sequence[str], *meant: str) -> list[tuple[str, Flag | None]]:
    """The texts that are not heard as this kind and certainty, or as anything where nothing is meant."""
    heard = [(text, _flag(text)) for text in texts]
    return [(text, flag) for text, flag in heard if ((flag.kind, flag.certainty) if flag else ()) != meant]


def test_an_emergency_is_found_as_happening_now() -> None:
    assert _otherwise(EMERGENCY_NOW, "emergency", "now") == []


def test_an_emergency_of_another_time_or_person_is_found_as_unclear() -> None:
    assert _otherwise(EMERGENCY_UNCLEAR, "emergency", "unclear") == []


def test_self_harm_is_found() -> None:
    assert _otherwise(SELF_HARM_NOW, "self_harm", "now") == []


def test_self_harm_of_another_time_or_person_is_found_as_unclear() -> None:
    assert _otherwise(SELF_HARM_UNCLEAR, "self_harm", "unclear") == []


def test_common_talk_passes() -> None:
    assert _otherwise(NOTHING) == []


def test_a_torn_word_a_written_number_or_the_number_first_hide_nothing() -> None:
    assert [text for text in TORN_OR_TURNED if _flag(text) is None] == []


def test_a_number_that_is_no_low_passes() -> None:
    assert _otherwise(WHOLE_AND_HARMLESS) == []


def _table() -> list[tuple[str, str]]:
    """Every phrase of the tables beside this file, with what it means."""
    files = sorted(Path(__file__).parent.glob("phrases*.yaml"))
    return [(row["say"], row["means"]) for file in files for row in read_page(file).data]


def test_the_table_has_at_least_150_phrases_of_both_kinds() -> None:
    meant = [means for _, means in _table()]
    assert len(meant) >= 150
    assert set(meant) == {"emergency", "self_harm", "ask", "calm"}


NOT_HEARD = {
    "My uncle died of a heart attack in the gym so I am scared of lifting": "why many come: to be asked would hurt",
    "the lady next to me dropped unconscious": "taken as the person's own for its “me”, which costs less than a miss",
    "i was in the kitchen and then i was not": "nothing in it but everyday words",
}


def _is_heard(text: str, means: str) -> bool:
    flag = _flag(text)
    match means:
        case "calm":
            return flag is None
        case "ask":
            return flag is not None and flag.certainty == "unclear"
        case _:
            return flag is not None and means in (flag.kind, flag.also)


def test_what_a_message_means_is_heard() -> None:
    assert [row for row in _table() if row[0] not in NOT_HEARD and not _is_heard(*row)] == []


@pytest.mark.parametrize(
    ("text", "means"),
    [
        pytest.param(text, means, marks=pytest.mark.xfail(reason=NOT_HEARD[text], strict=True))
        for text, means in _table()
        if text in NOT_HEARD
    ],
)
def test_what_is_known_not_to_be_heard_is_heard_at_last(text: str, means: str) -> None:
    assert _is_heard(text, means)


def test_both_kinds_in_one_message_are_told() -> None:
    flag = _flag("took all my pills because i want to die")
    assert flag == Flag("emergency", "overdose", "now", also="self_harm")


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("My dad had a stroke last year. My face is drooping", "now"),
        ("no chest pain but i cant breathe", "now"),
        ("no pain but my chest is tight", "now"),
        ("Did chest press. Now I have chest pain", "now"),
        ("my wife says my speech is slurred", "now"),
        ("dizziness no, chest pain yes", "now"),
        ("no dizziness, chest pain or palpitations", "unclear"),
        ("My chest. It hurts.", "now"),
        ("chest\npain", "now"),
        ("is this a heart attack? my chest hurts", "now"),
    ],
)
def test_the_surest_reading_of_a_message_counts(text: str, certainty: str) -> None:
    flag = _flag(text)
    assert flag is not None
    assert flag.certainty == certainty


@given(
    st.sampled_from(["i have chest pain", "i want to kill myself", "my speech is slurred", "i fainted"]),
    st.data(),
)
def test_swapped_letters_hide_no_emergency(text: str, data: st.DataObject) -> None:
    words = text.split()
    at = data.draw(st.sampled_from([at for at, word in enumerate(words) if len(word) >= 5]))
    place = data.draw(st.integers(1, len(words[at]) - 2))
    word = words[at]
    words[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert _flag(" ".join(words)) is not None


@given(
    st.sampled_from(["chest pain", "i cant breathe", "i want to die", "im having a stroke"]),
    st.text(alphabet=" .!?…\u200b\u200f😭🙏\n", max_size=20),
    st.text(alphabet=" .!?…\u200b\u200f😭🙏\n", max_size=20),
    st.sampled_from([str.upper, str.title, str.lower]),
)
def test_signs_and_capitals_around_hide_no_emergency(
    text: str, before: str, after: str, case: Callable[[str], str]
) -> None:
    flag = _flag(f"{before} {case(text)} {after}")
    assert flag is not None
    assert flag.certainty == "now"


@given(
    st.sampled_from(["chest", "chestt", "cheeest", "cchest"]),
    st.sampled_from(["pain", "paiiin", "painnn", "pains"]),
)
def test_repeated_letters_hide_no_emergency(first: str, second: str) -> None:
    assert _flag(f"{first} {second}") is not None


_PIECES = st.sampled_from(
    [
        "no",
        "not",
        "my",
        "i",
        "chest",
        "pain",
        "press",
        "dad",
        "ago",
        "kill",
        "myself",
        "want",
        "to",
        "die",
        ",",
        ".",
        "?",
        "cant",
        "breathe",
        "sugar",
        "took",
        "tablets",
        "4",
        "❹",
        "➊",
        "፩",
        "①",
        "❿",
    ]
)
_NUMERALS = st.text(st.characters(categories=("Nd", "No", "Nl")), min_size=1, max_size=3)


@given(
    st.one_of(
        st.text(),
        st.lists(_PIECES, max_size=30).map(" ".join),
        st.lists(_PIECES, max_size=30).map("".join),
        st.builds("my sugar is {}".format, _NUMERALS),
        st.builds("i took {} tablets".format, _NUMERALS),
    )
)
@settings(deadline=None)
def test_no_text_raises(text: str) -> None:
    _flag(text)


@pytest.mark.parametrize("text", ["my sugar is ❹❺", "my sugar is ፬፭", "my sugar is ➍➎", "❹❺ is my sugar"])
def test_a_number_in_digits_of_any_kind_is_a_number(text: str) -> None:
    assert _flag(text) == _flag("my sugar is 45") != None  # noqa: E711 -- both, in one line


@pytest.mark.parametrize("text", ["i took ❹❶ tablets", "i took ④① tablets"])
def test_tablets_counted_in_digits_of_any_kind_are_counted(text: str) -> None:
    assert _flag(text) == _flag("i took 41 tablets") != None  # noqa: E711 -- both, in one line


@pytest.mark.parametrize(
    "text",
    [
        "pain " * 800,
        "not " * 1024,
        "chest no pain " * 300,
        "vomit ketones " * 300,
        "💔" * 4096,
        "\x00" * 4096,
        "want to " * 500,
        "sugar is " * 500,
        "took 40 " * 500,
        "took ❹❺ tablets, sugar is ፩ ",
        "a" * 4096,
        "a " * 2048,
        "i " * 2048,
        "face swell ate " * 273,
    ],
)
def test_a_text_of_any_length_is_answered(text: str) -> None:
    _flag(text)
