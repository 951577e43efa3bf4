//! The first fault of a run, in each format that is text.

use expect_test::{Expect, expect};

use exo_session::export::{Format, Options};

use crate::runs::{exported, short, unit};

fn first_fault(format: Format, expected: Expect) {
    let options = Options {
        to: Some(unit(79)),
        ..Options::default()
    };
    let text = exported(&mut short().session, format, &options).0;
    expected.assert_eq(&text.replace('\r', ""));
}

#[test]
fn a_fault_as_trace_events() {
    first_fault(
        Format::Perfetto,
        expect![[r#"
            {"traceEvents":[
            {"ph":"M","name":"process_name","pid":1,"args":{"name":"exokernel: Short & <simple>, \"quoted\""}},
            {"ph":"M","name":"thread_name","pid":1,"tid":2,"args":{"name":"A: nothing under libos.rs"}},
            {"ph":"M","name":"thread_sort_index","pid":1,"tid":2,"args":{"sort_index":2}},
            {"ph":"M","name":"thread_name","pid":1,"tid":3,"args":{"name":"B: nothing under libos.rs"}},
            {"ph":"M","name":"thread_sort_index","pid":1,"tid":3,"args":{"sort_index":3}},
            {"ph":"M","name":"thread_name","pid":1,"tid":258,"args":{"name":"kernel"}},
            {"ph":"M","name":"thread_sort_index","pid":1,"tid":258,"args":{"sort_index":258}},
            {"ph":"M","name":"thread_name","pid":1,"tid":259,"args":{"name":"hardware"}},
            {"ph":"M","name":"thread_sort_index","pid":1,"tid":259,"args":{"sort_index":259}},
            {"ph":"C","name":"free frames","pid":1,"ts":0,"args":{"frames":234}},
            {"ph":"C","name":"frames of A","pid":1,"ts":0,"args":{"frames":0}},
            {"ph":"C","name":"frames of B","pid":1,"ts":0,"args":{"frames":0}},
            {"ph":"i","name":"missed","cat":"event","pid":1,"tid":259,"ts":0,"s":"t","args":{"address":0,"page":0,"access":"read_write","position":"0.1","step":1,"text":"A touches 0x00000000, but page 0x0 is not in the TLB: the hardware traps to the kernel."}},
            {"ph":"i","name":"stlb_missed","cat":"event","pid":1,"tid":259,"ts":0,"s":"t","args":{"page":0,"stlb_entry":0,"position":"0.2","step":2,"text":"The kernel looks for page 0x0 of A in entry 0x0 of its software TLB and finds nothing."}},
            {"ph":"B","name":"upcall","cat":"kernel","pid":1,"tid":258,"ts":0,"args":{"environment":"A","cycles":36,"step":3}},
            {"ph":"s","name":"page fault","cat":"fault","pid":1,"tid":258,"ts":0,"id":3},
            {"ph":"E","pid":1,"tid":258,"ts":1.44},
            {"ph":"B","name":"page_fault","cat":"upcall","pid":1,"tid":2,"ts":1.44,"args":{"address":0,"page":0,"access":"read_write","cause":"miss","position":"0.3","step":3,"text":"The kernel decides nothing about a miss on writing page 0x0: it saves three registers and calls up to A's libOS."}},
            {"ph":"t","name":"page fault","cat":"fault","pid":1,"tid":2,"ts":1.44,"id":3,"bp":"e"},
            {"ph":"B","name":"frame_limit","cat":"kernel","pid":1,"tid":258,"ts":2.08,"args":{"environment":"A","cycles":40,"step":4}},
            {"ph":"E","pid":1,"tid":258,"ts":3.68},
            {"ph":"B","name":"frame_limit","cat":"system call","pid":1,"tid":2,"ts":2.08,"args":{"call":"frame_limit","value":6,"position":"16.0","step":4,"text":"A's libOS asks how many frames it may hold for its application: 6."}},
            {"ph":"E","pid":1,"tid":2,"ts":3.68},
            {"ph":"B","name":"allocate","cat":"kernel","pid":1,"tid":258,"ts":3.84,"args":{"environment":"A","cycles":40,"step":5}},
            {"ph":"E","pid":1,"tid":258,"ts":5.44},
            {"ph":"B","name":"allocate","cat":"system call","pid":1,"tid":2,"ts":3.84,"args":{"frame":22,"call":"allocate","named":false,"position":"20.0","step":5,"text":"A's libOS asks for a frame; the kernel gives it 0x16, zeroed."}},
            {"ph":"E","pid":1,"tid":2,"ts":5.44},
            {"ph":"C","name":"free frames","pid":1,"ts":5.44,"args":{"frames":233}},
            {"ph":"C","name":"frames of A","pid":1,"ts":5.44,"args":{"frames":1}},
            {"ph":"B","name":"tlb_write","cat":"kernel","pid":1,"tid":258,"ts":7.04,"args":{"environment":"A","cycles":40,"step":6}},
            {"ph":"t","name":"page fault","cat":"fault","pid":1,"tid":258,"ts":7.04,"id":3,"bp":"e"},
            {"ph":"E","pid":1,"tid":258,"ts":8.64},
            {"ph":"B","name":"tlb_write","cat":"system call","pid":1,"tid":2,"ts":7.04,"args":{"page":0,"frame":22,"tlb_entry":0,"stlb_entry":0,"access":"read_write","loaded":true,"call":"tlb_write","position":"60.0","step":6,"text":"A owns frame 0x16, so the kernel binds page 0x0 to it for reading and writing, in TLB entry 0."}},
            {"ph":"E","pid":1,"tid":2,"ts":8.64},
            {"ph":"E","pid":1,"tid":2,"ts":8.68},
            {"ph":"B","name":"retry","cat":"application","pid":1,"tid":2,"ts":8.68},
            {"ph":"f","name":"page fault","cat":"fault","pid":1,"tid":2,"ts":8.68,"id":3,"bp":"e"},
            {"ph":"E","pid":1,"tid":2,"ts":8.72},
            {"ph":"i","name":"missed","cat":"event","pid":1,"tid":259,"ts":8.72,"s":"t","args":{"address":28673,"page":7,"access":"read","position":"62.1","step":9,"text":"A touches 0x00007001, but page 0x7 is not in the TLB: the hardware traps to the kernel."}},
            {"ph":"i","name":"stlb_missed","cat":"event","pid":1,"tid":259,"ts":8.72,"s":"t","args":{"page":7,"stlb_entry":7,"position":"62.2","step":10,"text":"The kernel looks for page 0x7 of A in entry 0x7 of its software TLB and finds nothing."}},
            {"ph":"B","name":"upcall","cat":"kernel","pid":1,"tid":258,"ts":8.72,"args":{"environment":"A","cycles":36,"step":11}},
            {"ph":"s","name":"page fault","cat":"fault","pid":1,"tid":258,"ts":8.72,"id":11},
            {"ph":"E","pid":1,"tid":258,"ts":10.16},
            {"ph":"B","name":"page_fault","cat":"upcall","pid":1,"tid":2,"ts":10.16,"args":{"address":28673,"page":7,"access":"read","cause":"miss","position":"62.3","step":11,"text":"The kernel decides nothing about a miss on reading page 0x7: it saves three registers and calls up to A's libOS."}},
            {"ph":"t","name":"page fault","cat":"fault","pid":1,"tid":2,"ts":10.16,"id":11,"bp":"e"},
            {"ph":"B","name":"frame_limit","cat":"kernel","pid":1,"tid":258,"ts":10.8,"args":{"environment":"A","cycles":40,"step":12}},
            {"ph":"E","pid":1,"tid":258,"ts":12.4},
            {"ph":"B","name":"frame_limit","cat":"system call","pid":1,"tid":2,"ts":10.8,"args":{"call":"frame_limit","value":6,"position":"78.0","step":12,"text":"A's libOS asks how many frames it may hold for its application: 6."}},
            {"ph":"E","pid":1,"tid":2,"ts":12.4},
            {"ph":"E","pid":1,"tid":2,"ts":12.44},
            {"ph":"C","name":"free frames","pid":1,"ts":12.44,"args":{"frames":233}},
            {"ph":"C","name":"TLB hits, per mille","pid":1,"ts":12.44,"args":{"per mille":0}},
            {"ph":"C","name":"software TLB hits, per mille","pid":1,"ts":12.44,"args":{"per mille":0}}
            ],"displayTimeUnit":"ns","otherData":{"title":"Short & <simple>, \"quoted\"","time":"the machine's cycles at 25 MHz","from":"0.0","to":"79.0","cutBefore":null,"events":12,"plainHitsLeftOut":0,"modelVersion":7}}
        "#]],
    );
}

#[test]
fn a_fault_as_a_table() {
    first_fault(
        Format::Csv,
        expect![[r#"
            position,units,step,cycles,environment,kind,address,page,pages,frame,frames,tlb_entry,stlb_entry,access,reference,rerun,cause,loaded,replaced,dropped,call,refusal,value,bit,set,upcall,first,second,third,fourth,request,message,application,other,other_page,named,limit,excess,unpromised,moved,due_cycles,idle_cycles,line,kept,fresh,fields_dropped,released,frames_needed,frames_free,capability,parent,ended,block,blocks,direction,exception,instruction,enabled,slice,owed,transfer,contents,packet,filter,length,at,mask,shift,advance,delivery,program,place,packets,lost,engine_cycles,reason,fate,instructions,reply,arrivals,text
            0.1,0,1,0,A,missed,0,0,,,,,,read_write,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"A touches 0x00000000, but page 0x0 is not in the TLB: the hardware traps to the kernel."
            0.2,0,2,0,A,stlb_missed,,0,,,,,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,The kernel looks for page 0x0 of A in entry 0x0 of its software TLB and finds nothing.
            0.3,0,3,36,A,upcall,0,0,,,,,,read_write,,,miss,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,The kernel decides nothing about a miss on writing page 0x0: it saves three registers and calls up to A's libOS.
            16.0,16,4,92,A,answered,,,,,,,,,,,,,,,frame_limit,,6,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,A's libOS asks how many frames it may hold for its application: 6.
            20.0,20,5,136,A,allocated,,,,22,,,,,,,,,,,allocate,,,,,,,,,,,,,,,false,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"A's libOS asks for a frame; the kernel gives it 0x16, zeroed."
            60.0,60,6,216,A,bound,,0,,22,,0,0,read_write,,,,true,,,tlb_write,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"A owns frame 0x16, so the kernel binds page 0x0 to it for reading and writing, in TLB entry 0."
            61.0,61,7,217,A,resumed,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"A's handler is done and goes straight back to the application, without the kernel."
            62.0,62,8,218,A,accessed,,0,,22,,0,,,store,true,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"A stores to page 0x0, again; TLB entry 0 maps it to frame 0x16. This time it is complete."
            62.1,62,9,218,A,missed,28673,7,,,,,,read,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"A touches 0x00007001, but page 0x7 is not in the TLB: the hardware traps to the kernel."
            62.2,62,10,218,A,stlb_missed,,7,,,,,7,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,The kernel looks for page 0x7 of A in entry 0x7 of its software TLB and finds nothing.
            62.3,62,11,254,A,upcall,28673,7,,,,,,read,,,miss,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,The kernel decides nothing about a miss on reading page 0x7: it saves three registers and calls up to A's libOS.
            78.0,78,12,310,A,answered,,,,,,,,,,,,,,,frame_limit,,6,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,A's libOS asks how many frames it may hold for its application: 6.
        "#]],
    );
}

#[test]
fn a_fault_as_lines_of_json() {
    first_fault(
        Format::JsonLines,
        expect![[r#"
        {"position":"0.1","units":0,"step":1,"cycles":0,"environment":"A","kind":"missed","address":0,"page":0,"access":"read_write","text":"A touches 0x00000000, but page 0x0 is not in the TLB: the hardware traps to the kernel."}
        {"position":"0.2","units":0,"step":2,"cycles":0,"environment":"A","kind":"stlb_missed","page":0,"stlb_entry":0,"text":"The kernel looks for page 0x0 of A in entry 0x0 of its software TLB and finds nothing."}
        {"position":"0.3","units":0,"step":3,"cycles":36,"environment":"A","kind":"upcall","address":0,"page":0,"access":"read_write","cause":"miss","text":"The kernel decides nothing about a miss on writing page 0x0: it saves three registers and calls up to A's libOS."}
        {"position":"16.0","units":16,"step":4,"cycles":92,"environment":"A","kind":"answered","call":"frame_limit","value":6,"text":"A's libOS asks how many frames it may hold for its application: 6."}
        {"position":"20.0","units":20,"step":5,"cycles":136,"environment":"A","kind":"allocated","frame":22,"call":"allocate","named":false,"text":"A's libOS asks for a frame; the kernel gives it 0x16, zeroed."}
        {"position":"60.0","units":60,"step":6,"cycles":216,"environment":"A","kind":"bound","page":0,"frame":22,"tlb_entry":0,"stlb_entry":0,"access":"read_write","loaded":true,"call":"tlb_write","text":"A owns frame 0x16, so the kernel binds page 0x0 to it for reading and writing, in TLB entry 0."}
        {"position":"61.0","units":61,"step":7,"cycles":217,"environment":"A","kind":"resumed","text":"A's handler is done and goes straight back to the application, without the kernel."}
        {"position":"62.0","units":62,"step":8,"cycles":218,"environment":"A","kind":"accessed","page":0,"frame":22,"tlb_entry":0,"reference":"store","rerun":true,"text":"A stores to page 0x0, again; TLB entry 0 maps it to frame 0x16. This time it is complete."}
        {"position":"62.1","units":62,"step":9,"cycles":218,"environment":"A","kind":"missed","address":28673,"page":7,"access":"read","text":"A touches 0x00007001, but page 0x7 is not in the TLB: the hardware traps to the kernel."}
        {"position":"62.2","units":62,"step":10,"cycles":218,"environment":"A","kind":"stlb_missed","page":7,"stlb_entry":7,"text":"The kernel looks for page 0x7 of A in entry 0x7 of its software TLB and finds nothing."}
        {"position":"62.3","units":62,"step":11,"cycles":254,"environment":"A","kind":"upcall","address":28673,"page":7,"access":"read","cause":"miss","text":"The kernel decides nothing about a miss on reading page 0x7: it saves three registers and calls up to A's libOS."}
        {"position":"78.0","units":78,"step":12,"cycles":310,"environment":"A","kind":"answered","call":"frame_limit","value":6,"text":"A's libOS asks how many frames it may hold for its application: 6."}
    "#]],
    );
}
