"""Which of Asterisk's modules are loaded: those that are used, and nothing else.

The order is the loading order's hint only; Asterisk sorts by dependency. With ``autoload=no`` a module's own
dependencies must be named too (res_pjsip_refer needs res_pjsip_pubsub, res_ari needs res_websocket_client).
"""

from __future__ import annotations

_DIALPLAN = """
    pbx_config app_stasis app_mixmonitor app_echo app_playback app_controlplayback
    func_callerid func_channel func_global func_groupcount func_hangupcause func_holdintercept func_jitterbuffer
    func_logic func_strings func_talkdetect func_timeout
"""
_OBJECTS = "res_sorcery_config res_sorcery_memory res_sorcery_astdb res_crypto res_timing_timerfd"
# One G.711 codec per call; codec_a_mu joins a PCMA party with a PCMU one by table, without signed linear between.
_MEDIA = """
    res_rtp_asterisk res_srtp codec_alaw codec_ulaw codec_a_mu format_pcm format_sln format_wav res_musiconhold
    bridge_simple bridge_native_rtp bridge_holding bridge_softmix chan_bridge_media
"""
_SIP = """
    res_pjproject res_pjsip res_pjsip_session res_pjsip_sdp_rtp res_pjsip_transport_websocket chan_pjsip
    res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_anonymous
    res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_outbound_registration
    res_pjsip_registrar res_pjsip_path res_pjsip_nat res_pjsip_sips_contact
    res_pjsip_caller_id res_pjsip_diversion res_pjsip_rfc3326 res_pjsip_header_funcs
    res_pjsip_dtmf_info res_pjsip_empty_info res_pjsip_pubsub res_pjsip_refer res_pjsip_logger
    res_pjsip_acl
"""
_ARI = """
    res_http_websocket res_websocket_client chan_websocket
    res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop
    res_ari res_ari_model res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels res_ari_endpoints
    res_ari_events res_ari_playbacks res_ari_recordings
"""

MODULES: tuple[str, ...] = tuple(f"{name}.so" for name in (_OBJECTS + _DIALPLAN + _MEDIA + _SIP + _ARI).split())

#: must be there before any other module reads its configuration
PRELOADED = "res_sorcery_config.so"

#: kept beside the others and never loaded: what `./dev bench calls` measures us against
REFERENCE_MODULES = ("app_queue.so", "res_stasis_device_state.so")
