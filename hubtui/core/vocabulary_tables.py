"""The words of the Hub as tables: `id label; id label; …`, where an entry without a label is its own.

Read once, when a word is first asked for, by `core.vocabulary`: parsing costs less than a millisecond. Libraries and
apps are those of @huggingface/tasks 0.21.54; to them come the frameworks that the Hub derives from files.
"""

from __future__ import annotations

LIBRARIES = """
3dtopia-xl 3DTopia-XL; acestep ACE-Step; adapter-transformers Adapters; allennlp AllenNLP; aneforge ANEForge; anemoi
AnemoI; araclip AraClip; asteroid Asteroid; audiocraft Audiocraft; audioseal AudioSeal; aviation-ner Aviation NER;
bagel-mot Bagel; bboxmaskpose BBoxMaskPose; ben2 BEN2; bertopic BERTopic; big_vision Big Vision; bionemo BioNeMo;
birder Birder; birefnet BiRefNet; bm25s BM25S; boltzgen BoltzGen; cancertathomev2 Cancer@HomeV2; cartesia_mlx Cartesia
MLX; cartesia_pytorch Cartesia Pytorch; causilo Causilo; ccpfn CCPFN; champ Champ; chaossim ChaosSIM; chat_tts
ChatTTS; chatterbox Chatterbox; chexmix CheXmix; chronos-forecasting Chronos; clara Clara; clipscope; cloud-agents
Cloud Agents; colipri COLIPRI; collectorvision CollectorVision; colpali ColPali; comet COMET; coreml Core ML; cortiq;
cosmos Cosmos; cosyvoice CosyVoice; cotracker CoTracker; cxr-foundation CXR Foundation; deepforest DeepForest;
depth-anything-v2 DepthAnythingV2; depth-pro Depth Pro; derm-foundation Derm Foundation; describe-anything Describe
Anything; dia-tts Dia; dia2 Dia2; diff-interpretation-tuning Diff Interpretation Tuning; diffree Diffree; diffusers
Diffusers; diffusion-single-file Diffusion Single File; diffusionkit DiffusionKit; docking-at-home Docking@Home; doctr
docTR; edsnlp EDS-NLP; elm ELM; encoderfile; espnet ESPnet; eupe EUPE; executorch ExecuTorch; f5-tts F5-TTS; fairseq
Fairseq; fastai; fastprint Fast Print; fasttext fastText; fixer Fixer; flair Flair; flexray FleXray; flextab FlexTab;
fme Full Model Emulation; gaussianformer GaussianFormer; gemma.cpp; genmo Genmo; geometry-crafter GeometryCrafter;
gguf GGUF; gliformer GLiFormer; gliner GLiNER; gliner2 GLiNER2; glm-tts GLM-TTS; glyph-byt5 Glyph-ByT5;
granite-library Granite Library; grok Grok; habibi-tts Habibi-TTS; hallo Hallo; hermes HERMES; hezar Hezar; holomotion
HoloMotion; htrflow HTRflow; hunyuan-dit HunyuanDiT; hunyuan3d-2 Hunyuan3D-2; hunyuanworld-voyager
HunyuanWorld-voyager; hy-world-2 HY-World-2.0; hy-worldplay HY-WorldPlay; image-matching-models Image Matching Models;
imstoucan IMS Toucan; index-tts IndexTTS; infinite-you InfiniteYou; infinitetalk InfiniteTalk; intellifold
IntelliFold; ising-decoding Ising Decoding; jax JAX; jev-style; joblib Joblib; k2 K2; keras Keras; keras-hub KerasHub;
kernels Kernels; kimi-audio KimiAudio; kittentts KittenTTS; kronos KRONOS; lagernvs LagerNVS; laya Laya; lerobot
LeRobot; lightglue LightGlue; lightning-ir Lightning IR; litert LiteRT; litert-lm LiteRT-LM; liveportrait
LivePortrait; llama-cpp-python; longcat-video-avatar-1.5 LongCat-Video-Avatar 1.5; ltx LTX-2; lvface LVFace; lyra-2.0
Lyra-2.0; magenta-realtime Magenta RT; magenta-realtime-2 Magenta RT 2; magi-1 MAGI-1; mamba-ssm MambaSSM; manas-1
MANAS-1; mars5-tts MARS5-TTS; matanyone MatAnyone; mect MECT; medvae MedVAE; memra; merlin Merlin; mesh-anything
MeshAnything; mflux; microduck Microduck; mindspore MindSpore; mini-omni2 Mini-Omni2; minimax-h3 MiniMax H3; mitie
MITIE; ml-agents; ml-sharp Sharp; mlc-llm MLC-LLM; mlx MLX; mlx-image; mobilint Mobilint; model2vec Model2Vec;
monkeyocr MonkeyOCR; montreal-forced-aligner Montreal Forced Aligner; moshi Moshi; mtvcraft MTVCraft; multimolecule
MultiMolecule; nemo NeMo; ninfer NInfer; nobg; nv-medtech NV-MedTech; onnx ONNX; open-oasis; open-sora Open-Sora;
open_clip OpenCLIP; openasr OpenASR; opendde OpenDDE; openpeerllm OpenPeerLLM; openvino OpenVINO; optimum_graphcore
Optimum Graphcore; optimum_habana Optimum Habana; outetts OuteTTS; paddlenlp; PaddleOCR; peft PEFT; perception-encoder
PerceptionEncoder; phantom-wan Phantom; piper Piper; pocket-tts Pocket-TTS; pruna-ai Pruna AI; pxia; py-feat Py-Feat;
pyannote-audio pyannote.audio; pythae; pytorch PyTorch; quantumpeer QuantumPeer; qwen3_tts Qwen3-TTS; recurrentgemma
RecurrentGemma; refiners Refiners; relik Relik; renderformer RenderFormer; reverb Reverb; rkllm RKLLM;
robo-orchard-lab RoboOrchardLab; routee-powertrain RouteE-Powertrain; rust Rust; rwkv RWKV; saelens SAELens;
safetensors Safetensors; sam-3d-body SAM 3D Body; sam-3d-objects SAM 3D Objects; sam2; same SAME; sample-factory; sana
Sana; sap-rpt-1-oss; sapiens; sapiens2; scail-2 SCAIL-2; seed-story SEED-Story; seedvr SeedVR; self-forcing
SelfForcing; sentence-transformers; setfit; shadow Shadow; skala Skala; sklearn Scikit-learn; soloaudio SoloAudio;
songbloom SongBloom; spacy spaCy; span-marker SpanMarker; speechbrain; ssr-speech SSR-Speech; stable-audio-3 Stable
Audio 3; stable-audio-tools Stable Audio Tools; stable-baselines3; stanza Stanza; supertonic Supertonic; swarmformer
SwarmFormer; synthefy-migas Migas; tabpfn TabPFN; tencent-song-generation SongGeneration; tensorflowtts TensorFlowTTS;
tensorrt TensorRT; terratorch TerraTorch; tf TensorFlow; tf-keras TF-Keras; tflite TensorFlow Lite; tic-clip TiC-CLIP;
timee-ts; timesfm TimesFM; timm; tirex TiRex; tirex-2 TiRex-2; torchgeo TorchGeo; transformers Transformers;
transformers.js Transformers.js; trellis Trellis; trellis2 TRELLIS.2; tunejury TuneJury; ultralytics; uni-3dar
Uni-3DAR; unity-sentis; univa; vfi-mamba VFIMamba; vibevoice VibeVoice; videoprism VideoPrism; videox_fun VideoX Fun;
vismatch VisMatch; voicecraft VoiceCraft; voxcpm VoxCPM; vqweb; vui Vui; wan2.2 Wan2.2; wham WHAM; whisperkit
WhisperKit; yolov10 YOLOv10; yolov26 YOLOv26; zeromodels ZeroModels; zonos Zonos
"""

APPS = """
llama.cpp; node-llama-cpp; vllm vLLM; sglang SGLang; mlx-lm MLX LM; tgi TGI; lmstudio LM Studio; localai LocalAI; jan
Jan; atomic-chat Atomic Chat; backyard Backyard AI; jellybox Jellybox; msty Msty; recursechat RecurseChat; drawthings
Draw Things; diffusionbee DiffusionBee; joyfusion JoyFusion; ollama Ollama; unsloth Unsloth Desktop;
docker-model-runner Docker Model Runner; lemonade Lemonade; pi Pi; hermes-agent Hermes Agent; openclaw OpenClaw
"""

LANGUAGES = """
en English; fr French; de German; es Spanish; it Italian; pt Portuguese; nl Dutch; zh Chinese; ja Japanese; ko Korean;
ru Russian; ar Arabic; hi Hindi; tr Turkish; pl Polish; vi Vietnamese; id Indonesian; th Thai; fa Persian; sv Swedish;
cs Czech; el Greek; fi Finnish; da Danish; no Norwegian; nb Norwegian Bokmål; nn Norwegian Nynorsk; hu Hungarian; ro
Romanian; uk Ukrainian; he Hebrew; bg Bulgarian; ca Catalan; hr Croatian; sr Serbian; sk Slovak; sl Slovenian; lt
Lithuanian; lv Latvian; et Estonian; is Icelandic; ga Irish; cy Welsh; eu Basque; gl Galician; oc Occitan; br Breton;
co Corsican; lb Luxembourgish; mt Maltese; sq Albanian; mk Macedonian; bs Bosnian; be Belarusian; ka Georgian; hy
Armenian; az Azerbaijani; kk Kazakh; uz Uzbek; ky Kyrgyz; tg Tajik; tk Turkmen; tt Tatar; mn Mongolian; bn Bengali; ur
Urdu; pa Punjabi; gu Gujarati; mr Marathi; ta Tamil; te Telugu; kn Kannada; ml Malayalam; or Odia; as Assamese; ne
Nepali; si Sinhala; sa Sanskrit; my Burmese; km Khmer; lo Lao; ms Malay; tl Tagalog; jv Javanese; su Sundanese; sw
Swahili; am Amharic; ti Tigrinya; so Somali; ha Hausa; yo Yoruba; ig Igbo; zu Zulu; xh Xhosa; af Afrikaans; st
Southern Sotho; tn Tswana; sn Shona; rw Kinyarwanda; ln Lingala; wo Wolof; mg Malagasy; ku Kurdish; ps Pashto; sd
Sindhi; ug Uyghur; bo Tibetan; yue Cantonese; la Latin; eo Esperanto; yi Yiddish; fo Faroese; fy Western Frisian; gd
Scottish Gaelic; ht Haitian Creole; haw Hawaiian; mi Māori; qu Quechua; gn Guarani; multilingual Multilingual; code
Programming languages
"""

PERMISSIVE_LICENSES = """
apache-2.0 Apache License 2.0; mit MIT License; bsd BSD licence family; bsd-2-clause BSD 2-Clause; bsd-3-clause BSD
3-Clause; bsd-3-clause-clear BSD 3-Clause Clear; isc ISC License; 0bsd BSD Zero Clause; zlib zlib License; bsl-1.0
Boost Software License 1.0; ncsa University of Illinois/NCSA; postgresql PostgreSQL License; unlicense The Unlicense;
wtfpl Do What The F*ck You Want To; afl-3.0 Academic Free License 3.0; artistic-2.0 Artistic License 2.0; ecl-2.0
Educational Community License 2.0; ms-pl Microsoft Public License; ofl-1.1 SIL Open Font License 1.1; cc0-1.0 Creative
Commons Zero 1.0; cc-by-2.0 CC Attribution 2.0; cc-by-2.5 CC Attribution 2.5; cc-by-3.0 CC Attribution 3.0; cc-by-4.0
CC Attribution 4.0; pddl Public Domain Dedication (ODC); odc-by ODC Attribution; cdla-permissive-1.0 CDLA Permissive
1.0; cdla-permissive-2.0 CDLA Permissive 2.0; openmdw-1.0 Open Model, Data and Weights 1.0; openmdw-1.1 Open Model,
Data and Weights 1.1
"""

COPYLEFT_LICENSES = """
gpl GNU GPL family; gpl-2.0 GNU GPL 2.0; gpl-3.0 GNU GPL 3.0; agpl-3.0 GNU Affero GPL 3.0; lgpl GNU LGPL family;
lgpl-2.1 GNU LGPL 2.1; lgpl-3.0 GNU LGPL 3.0; lgpl-lr LGPL for Linguistic Resources; mpl-2.0 Mozilla Public License
2.0; epl-1.0 Eclipse Public License 1.0; epl-2.0 Eclipse Public License 2.0; eupl-1.1 European Union Public Licence
1.1; eupl-1.2 European Union Public Licence 1.2; osl-3.0 Open Software License 3.0; lppl-1.3c LaTeX Project Public
License 1.3c; gfdl GNU Free Documentation License; odbl Open Database License; cdla-sharing-1.0 CDLA Sharing 1.0;
cc-by-sa-3.0 CC Attribution ShareAlike 3.0; cc-by-sa-4.0 CC Attribution ShareAlike 4.0
"""

RESEARCH_LICENSES = """
cc-by-nc-2.0 CC NonCommercial 2.0; cc-by-nc-3.0 CC NonCommercial 3.0; cc-by-nc-4.0 CC NonCommercial 4.0;
cc-by-nc-nd-3.0 CC NonCommercial NoDerivatives 3.0; cc-by-nc-nd-4.0 CC NonCommercial NoDerivatives 4.0;
cc-by-nc-sa-2.0 CC NonCommercial ShareAlike 2.0; cc-by-nc-sa-3.0 CC NonCommercial ShareAlike 3.0; cc-by-nc-sa-4.0 CC
NonCommercial ShareAlike 4.0; c-uda Computational Use of Data Agreement; fair-noncommercial-research-license FAIR
Noncommercial Research License; apple-amlr Apple ML Research License; intel-research Intel Research Use License
"""

CUSTOM_LICENSES = """
openrail OpenRAIL family; openrail++ OpenRAIL++; creativeml-openrail-m CreativeML OpenRAIL-M; bigscience-openrail-m
BigScience OpenRAIL-M; bigcode-openrail-m BigCode OpenRAIL-M; bigscience-bloom-rail-1.0 BigScience BLOOM RAIL 1.0;
deepfloyd-if-license DeepFloyd IF License; llama2 Llama 2 Community License; llama3 Llama 3 Community License;
llama3.1 Llama 3.1 Community License; llama3.2 Llama 3.2 Community License; llama3.3 Llama 3.3 Community License;
llama4 Llama 4 Community License; gemma Gemma Terms of Use; h-research H Research License; grok2-community Grok 2
Community License; apple-ascl Apple Sample Code License; etalab-2.0 Etalab Open Licence 2.0; cc-by-nd-4.0 CC
Attribution NoDerivatives 4.0; cc Creative Commons family; open-mdw Open Model, Data and Weights; other Other; unknown
Unknown
"""

PROVIDERS = """
all any of them; baseten; cerebras; cohere; deepinfra; fal-ai; featherless-ai; fireworks-ai; groq; hf-inference; novita;
nscale; openai; ovhcloud; publicai; replicate; scaleway; together; wavespeed; zai-org
"""

TAGS = """
4-bit 4-bit precision; 8-bit 8-bit precision; moe mixture of experts; merge merged from other models; custom_code needs
code of its own; endpoints_compatible runs on Inference Endpoints; text-generation-inference runs in TGI;
text-embeddings-inference runs in TEI; conversational made for chats; eval-results states evaluation results;
co2_eq_emissions states carbon emissions; autotrain_compatible can be trained with AutoTrain; chat made for chats;
lora low-rank adapter; gptq GPTQ quantization; awq AWQ quantization; bitsandbytes bitsandbytes quantization; fp8 8-bit
floats; mxfp4 MXFP4 quantization; compressed-tensors compressed-tensors quantization; imatrix importance matrix; vision
sees pictures; code writes programs; math solves problems; reasoning thinks before it answers; medical medicine;
biology; chemistry; legal law; finance; region:us stored in the USA; region:eu stored in the EU
"""
