//! Stub to typecheck.
#![allow(missing_docs, clippy::all, unused)]
use std::sync::Arc;
use crate::scenario::{ImageRule, Pull};
use crate::text::FieldPath;
use crate::time::*;
use crate::trace::{Exit, ProgramPoint, Stream};
#[derive(Debug, Clone, PartialEq, Default)] pub struct Os { pub files: Files, pub net: Net }
#[derive(Debug, Clone, PartialEq, Default)] pub struct Files {}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)] pub struct TreeId(pub u32);
impl Files { pub fn new_tree(&mut self) -> TreeId { TreeId(0) } pub fn write(&mut self, t: TreeId, p: &str, c: &str, now: SimTime) {} }
#[derive(Debug, Clone, PartialEq, Default)] pub struct Net {}
pub enum Connect { Open, Refused, Unreachable }
pub enum HttpReply { Status{code:u16, body:String, location: Option<String>}, Refused, Timeout, NotHttp }
impl Net { pub fn set_name(&mut self, n:&str, ips: Vec<Arc<str>>) {} pub fn remove_name(&mut self, n:&str){} pub fn add_host(&mut self, ip: Arc<str>, p:&[u16]){} pub fn remove_host(&mut self, ip:&str){} pub fn drop_ip(&mut self, ip:&str){}
 pub fn connect(&self, ip:&str, port:u16)->Connect{Connect::Refused} pub fn http_get(&self, f:&Files, ip:&str, port:u16, path:&str)->HttpReply{HttpReply::Refused} }
#[derive(Debug, Clone, PartialEq)] pub struct Profile { pub present: bool, pub size_bytes: u64, pub stop_signal: &'static str, pub runs_as_root: bool, pub known_tag: bool, pub pull: Option<Pull>, pub pull_takes: SimDuration }
pub fn profile(image:&str, rules:&[ImageRule]) -> Arc<Profile> { Arc::new(Profile{present:true,size_bytes:1,stop_signal:"TERM",runs_as_root:true,known_tag:true,pull:None,pull_takes:SimDuration::from_secs(2)}) }
pub fn normalize_image(i:&str)->String{i.into()}
pub struct Mount { pub path:String, pub tree:TreeId, pub sub_path:String, pub read_only:bool }
pub struct Start<'a> { pub profile: Arc<Profile>, pub command:&'a[String], pub args:&'a[String], pub env:Vec<(String,String)>, pub working_dir:&'a str, pub mounts:Vec<Mount>, pub memory_limit:Option<u64>, pub ip:Arc<str>, pub hostname:Arc<str>, pub field:FieldPath, pub runs_before:u32, pub seed:u64, pub ports:Vec<u16> }
#[derive(Debug)] pub struct StartError { pub message:String }
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)] pub struct ExecId(pub u32);
#[derive(Debug, Clone, PartialEq)] pub struct Container {}
impl Container { pub fn start(s:Start<'_>, now:SimTime, os:&mut Os)->Result<Container,StartError>{Ok(Container{})} pub fn exec(&mut self, a:&[String], f:&FieldPath, now:SimTime, os:&mut Os)->Result<ExecId,StartError>{Ok(ExecId(0))} pub fn kill_exec(&mut self, id:ExecId, now:SimTime, os:&mut Os){} pub fn run(&mut self, now:SimTime, os:&mut Os)->Progress{Progress{wakes:None,effects:vec![]}} pub fn signal(&mut self, n:&'static str, now:SimTime, os:&mut Os){} pub fn termination_message(&self, p:&str, os:&Os)->String{String::new()} }
pub struct Progress { pub wakes: Option<SimTime>, pub effects: Vec<Effect> }
pub enum Effect { Output{stream:Stream,text:String}, Exited(Exit), ExecEnded{id:ExecId,code:i32,output:String}, Listening{port:u16,open:bool}, NotSimulated{what:String,point:Option<ProgramPoint>}, Budget(&'static str) }
